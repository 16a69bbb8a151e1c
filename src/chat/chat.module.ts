import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatMeters } from './chat-meters.js';
import { Access } from './conversations/access.js';
import { ChatService } from './messages/chat.service.js';
import { FirstContacts } from './messages/first-contacts.js';
import { Journal } from './log/journal.js';

/**
 * What is said, where, and in which order it is stored. `feed/` and `marks/` are provided by the
 * GatewayModule, since they live as long as its connections: the hub starts and ends the feed.
 */
@Module({
  imports: [AuthModule],
  providers: [Access, Journal, ChatService, FirstContacts, ChatMeters],
  exports: [Access, Journal, ChatService, FirstContacts],
})
export class ChatModule {}
