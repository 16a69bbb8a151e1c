import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { HttpModule } from '../http/http.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { ConversationPages } from './conversation-pages.js';
import { ConversationsController } from './conversations.controller.js';
import { DirectController } from './direct.controller.js';
import { DirectThreadController } from './direct-thread.controller.js';
import { DirectListsController } from './direct-lists.controller.js';
import { ExportService } from './export/export.service.js';
import { ExportSlots } from './export/export-slots.js';
import { HistoryService } from './history.service.js';
import { MentionsController } from './mentions.controller.js';
import { MessageLists } from './message-lists.js';
import { MessageView } from './message-view.js';
import { PresencePages } from './presence-pages.js';
import { PresenceController } from './presence.controller.js';
import { ReadPages } from './read-pages.js';
import { RoomListsController } from './room-lists.controller.js';
import { RoomThreadController } from './room-thread.controller.js';
import { RoomsController } from './rooms.controller.js';
import { ThreadPages } from './thread-pages.js';
import { ThreadsController } from './threads.controller.js';

/** Reading over HTTP: what was said, as pages and downloads, what is unread, and who is here. */
@Module({
  imports: [AuthModule, ChatModule, HttpModule, PresenceModule],
  controllers: [
    ConversationsController,
    RoomsController,
    RoomListsController,
    DirectController,
    DirectListsController,
    MentionsController,
    ThreadsController,
    RoomThreadController,
    DirectThreadController,
    PresenceController,
  ],
  providers: [
    HistoryService,
    MessageView,
    MessageLists,
    ReadPages,
    ThreadPages,
    ConversationPages,
    ExportService,
    ExportSlots,
    PresencePages,
  ],
})
export class HistoryModule {}
