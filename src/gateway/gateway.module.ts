import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { HttpModule } from '../http/http.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { Abuse } from './connections/abuse.js';
import { CommandTable } from './commands/command-table.js';
import { COMMANDS } from './commands/commands.js';
import { Acknowledgement } from './commands/messages/acknowledgement.js';
import { ConnectionEvents } from './commands/session/connection-events.js';
import { ConnectionRegistry } from './connections/connection-registry.js';
import { CostGuard } from './commands/cost.guard.js';
import { DeliveryMarks } from '../chat/marks/delivery-marks.js';
import { Drain } from './lifecycle/drain.js';
import { FramePipe } from './commands/frame.pipe.js';
import { GatewayMeters } from './gateway-meters.js';
import { GatewayAdapter } from './commands/gateway.adapter.js';
import { Hub } from './delivery/hub.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { LiveFeed } from '../chat/feed/live-feed.js';
import { CrowdSizes } from './delivery/crowd-sizes.js';
import { Backpressure } from './delivery/backpressure.js';
import { PresenceAnnouncer } from './presence/presence-announcer.js';
import { ReadNotices } from './presence/read-notices.js';
import { RoomPeople } from './presence/room-people.js';
import { RoomCounts } from './presence/room-counts.js';
import { RoomNotices } from './presence/room-notices.js';
import { RoomReceipts } from './presence/room-receipts.js';
import { SignalFollower } from './presence/signal-follower.js';
import { TypingAnnouncer } from './presence/typing-announcer.js';
import { RejectFilter } from './commands/reject.filter.js';
import { CatchUp } from './catch-up/catch-up.js';
import { CatchUpGate } from './catch-up/catch-up-gate.js';
import { LogReader } from './catch-up/log-reader.js';
import { MembershipSweep } from './catch-up/membership-sweep.js';
import { Memberships } from './catch-up/memberships.js';
import { RoomArrivals } from './catch-up/room-arrivals.js';
import { BookKeeper } from '../chat/rooms/book-keeper.js';
import { RoomsOfPeople } from '../chat/rooms/rooms-of-people.js';
import { RoomChannels } from './delivery/room-channels.js';
import { RoomMoves } from './delivery/room-moves.js';
import { PeopleList } from './presence/people-list.js';
import { PrivateDelivery } from './delivery/private-delivery.js';
import { SendMemory } from './delivery/send-memory.js';
import { SessionWatch } from './lifecycle/session-watch.js';
import { TokenGuard } from './commands/token.guard.js';
import { ConnectGate } from './transports/socket-io/connect-gate.js';
import { Recovery } from './transports/socket-io/recovery.js';
import { ReturningRooms } from './transports/socket-io/returning-rooms.js';
import { SocketIoTransport } from './transports/socket-io/socket-io-transport.js';
import { DirectWritesStart } from './wire/direct-writes-start.js';
import { Heartbeat } from './connections/heartbeat.js';
import { WsTransport } from './transports/ws/ws-transport.js';
import { UntoldMoves } from './catch-up/untold-moves.js';
import { UndeliveredCheck } from './catch-up/undelivered-check.js';
import { Admission } from './admission/admission.js';
import { HandshakeAuth } from './admission/handshake-auth.js';
import { OriginPolicy } from './admission/origin-policy.js';
import { RefusalTally } from './admission/refusal-tally.js';
import { UpgradeHintController } from './admission/upgrade-hint.controller.js';
import { type Transport, TRANSPORTS } from './wire/transport.js';
import { TransportDoor } from './admission/transport-door.js';
import { UpgradeDispatcher } from './admission/upgrade-dispatcher.js';

/** Sockets: who may open one, what comes in, what goes out. */
@Module({
  imports: [AuthModule, ChatModule, PresenceModule, HttpModule],
  controllers: [UpgradeHintController],
  providers: [
    // the way in
    TransportDoor,
    UpgradeDispatcher,
    HandshakeAuth,
    Admission,
    OriginPolicy,
    WsTransport,
    SocketIoTransport,
    Recovery,
    ReturningRooms,
    ConnectGate,
    {
      provide: TRANSPORTS,
      useFactory: (...transports: Transport[]) => transports,
      inject: [WsTransport, SocketIoTransport],
    },
    Heartbeat,
    DirectWritesStart,
    GatewayAdapter,
    CommandTable,
    ConnectionEvents,
    ...COMMANDS,
    TokenGuard,
    CostGuard,
    FramePipe,
    RejectFilter,
    Abuse,
    RefusalTally,
    // the way out
    LiveFeed,
    Hub,
    RoomChannels,
    RoomMoves,
    BookKeeper,
    RoomsOfPeople,
    CrowdSizes,
    Backpressure,
    PrivateDelivery,
    SendMemory,
    Acknowledgement,
    DeliveryMarks,
    CatchUp,
    CatchUpGate,
    LogReader,
    Memberships,
    MembershipSweep,
    RoomArrivals,
    UntoldMoves,
    UndeliveredCheck,
    // who is here
    ConnectionRegistry,
    Lifecycle,
    PeopleList,
    PresenceAnnouncer,
    ReadNotices,
    RoomReceipts,
    RoomCounts,
    RoomNotices,
    RoomPeople,
    SignalFollower,
    TypingAnnouncer,
    SessionWatch,
    Drain,
    GatewayMeters,
  ],
  exports: [GatewayAdapter, TransportDoor],
})
export class GatewayModule {}
