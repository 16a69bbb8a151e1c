import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatMeters } from './chat-meters.js';
import { Access } from './conversations/access.js';
import { ChatService } from './messages/chat.service.js';
import { FirstContacts } from './messages/first-contacts.js';
import { Journal } from './log/journal.js';
import { ConversationFinder } from './messages/conversation-finder.js';
import { ReadMarks } from './marks/read-marks.js';
import { ReadingService } from './messages/reading.service.js';

/**
 * What is said, where, and in which order it is stored. `feed/` and `marks/` are provided by the
 * GatewayModule, since they live as long as its connections: the hub starts and ends the feed.
 */
@Module({
  imports: [AuthModule],
  providers: [
    Access,
    Journal,
    ChatService,
    ConversationFinder,
    FirstContacts,
    ReadMarks,
    ReadingService,
    ChatMeters,
  ],
  exports: [
    Access,
    Journal,
    ChatService,
    ConversationFinder,
    FirstContacts,
    ReadMarks,
    ReadingService,
  ],
})
export class ChatModule {}
