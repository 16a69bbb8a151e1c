import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { HttpModule } from '../http/http.module.js';
import { BansController } from './bans.controller.js';
import { InvitationsController } from './invitations.controller.js';
import { LinksController } from './links.controller.js';
import { MembersController } from './members.controller.js';
import { MessagesController } from './messages.controller.js';
import { RoomController } from './room.controller.js';

/** Rooms over HTTP, and what is said without a socket. */
@Module({
  imports: [AuthModule, ChatModule, HttpModule],
  controllers: [
    RoomController,
    MembersController,
    InvitationsController,
    LinksController,
    BansController,
    MessagesController,
  ],
})
export class RoomsModule {}
