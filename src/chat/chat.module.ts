import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatMeters } from './chat-meters.js';
import { ChatService } from './chat.service.js';
import { Journal } from './journal.js';

/** What is said, where, and in which order it is stored. */
@Module({
  imports: [AuthModule],
  providers: [Journal, ChatService, ChatMeters],
  exports: [Journal, ChatService],
})
export class ChatModule {}
