import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { HttpModule } from '../http/http.module.js';
import { DirectMessageController } from './direct-message.controller.js';
import { MessageCalls } from './message-calls.js';
import { RoomMessageController } from './room-message.controller.js';

/** Changing messages over HTTP. */
@Module({
  imports: [AuthModule, ChatModule, HttpModule],
  controllers: [RoomMessageController, DirectMessageController],
  providers: [MessageCalls],
})
export class MessagesModule {}
