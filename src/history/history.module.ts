import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { HttpModule } from '../http/http.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { ConversationPages } from './conversation-pages.js';
import { ConversationsController } from './conversations.controller.js';
import { DirectController } from './direct.controller.js';
import { ExportService } from './export/export.service.js';
import { ExportSlots } from './export/export-slots.js';
import { HistoryService } from './history.service.js';
import { PresencePages } from './presence-pages.js';
import { PresenceController } from './presence.controller.js';
import { ReadPages } from './read-pages.js';
import { RoomsController } from './rooms.controller.js';

/** Reading over HTTP: what was said, as pages and downloads, what is unread, and who is here. */
@Module({
  imports: [AuthModule, ChatModule, HttpModule, PresenceModule],
  controllers: [ConversationsController, RoomsController, DirectController, PresenceController],
  providers: [
    HistoryService,
    ReadPages,
    ConversationPages,
    ExportService,
    ExportSlots,
    PresencePages,
  ],
})
export class HistoryModule {}
