import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatMeters } from './chat-meters.js';
import { RoomBook } from './conversations/room-book.js';
import { RoomFinder } from './conversations/room-finder.js';
import { Access } from './conversations/access.js';
import { ChatService } from './messages/chat.service.js';
import { ChangeWriter } from './messages/changing/change-writer.js';
import { EditService } from './messages/changing/edit.service.js';
import { DeletionService } from './messages/changing/deletion.service.js';
import { ReactionService } from './messages/changing/reaction.service.js';
import { PinService } from './messages/changing/pin.service.js';
import { RichMessageService } from './messages/changing/rich-message.service.js';
import { ThreadService } from './messages/changing/thread.service.js';
import { FirstContacts } from './messages/first-contacts.js';
import { Journal } from './log/journal.js';
import { ConversationFinder } from './messages/conversation-finder.js';
import { ReadMarks } from './marks/read-marks.js';
import { ReadingService } from './messages/reading.service.js';
import { Arrivals } from './rooms/arrivals.js';
import { BansService } from './rooms/bans.service.js';
import { DefaultRooms } from './rooms/default-rooms.js';
import { Departures } from './rooms/departures.js';
import { Exits } from './rooms/exits.js';
import { FoundingService } from './rooms/founding.service.js';
import { InvitationsService } from './rooms/invitations.service.js';
import { LinksService } from './rooms/links.service.js';
import { MembershipService } from './rooms/membership.service.js';
import { RoomEvents } from './rooms/room-events.js';
import { RoomNews } from './rooms/room-news.js';
import { RoomQueue } from './rooms/room-queue.js';
import { RoomReader } from './rooms/room-reader.js';
import { RoomService } from './rooms/room.service.js';
import { RoomWriter } from './rooms/room-writer.js';

/**
 * What is said, where, and in which order it is stored. `feed/` and `marks/` are provided by the
 * GatewayModule, since they live as long as its connections: the hub starts and ends the feed.
 */
@Module({
  imports: [AuthModule],
  providers: [
    Access,
    RoomBook,
    RoomFinder,
    Journal,
    ChatService,
    ConversationFinder,
    FirstContacts,
    ReadMarks,
    ReadingService,
    RoomReader,
    RoomWriter,
    RoomQueue,
    RoomEvents,
    RoomNews,
    Arrivals,
    Exits,
    RoomService,
    FoundingService,
    MembershipService,
    InvitationsService,
    LinksService,
    BansService,
    DefaultRooms,
    Departures,
    ChangeWriter,
    EditService,
    DeletionService,
    ReactionService,
    PinService,
    RichMessageService,
    ThreadService,
    ChatMeters,
  ],
  exports: [
    Access,
    RoomBook,
    RoomFinder,
    Journal,
    ChatService,
    ConversationFinder,
    FirstContacts,
    ReadMarks,
    ReadingService,
    RoomNews,
    RoomService,
    FoundingService,
    MembershipService,
    InvitationsService,
    LinksService,
    BansService,
    EditService,
    DeletionService,
    ReactionService,
    PinService,
    RichMessageService,
    ThreadService,
  ],
})
export class ChatModule {}
