import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { HttpModule } from '../http/http.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { Abuse } from './connections/abuse.js';
import { CommandTable } from './commands/command-table.js';
import { Acknowledgement } from './commands/messages/acknowledgement.js';
import { GroupChatCommand } from './commands/messages/group-chat.js';
import { SingleChatCommand } from './commands/messages/single-chat.js';
import { ReadCommand } from './commands/marks/read.js';
import { GroupListCommand } from './commands/people/group-list.js';
import { ConnectionEvents } from './commands/session/connection-events.js';
import { RenewCommand } from './commands/session/renew.js';
import { TypingCommand } from './commands/signals/typing.js';
import { SyncCommand } from './commands/sync/sync.js';
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
import { Backpressure } from './delivery/backpressure.js';
import { PresenceAnnouncer } from './presence/presence-announcer.js';
import { ReadNotices } from './presence/read-notices.js';
import { RoomReceipts } from './presence/room-receipts.js';
import { SignalFollower } from './presence/signal-follower.js';
import { TypingAnnouncer } from './presence/typing-announcer.js';
import { RejectFilter } from './commands/reject.filter.js';
import { CatchUp } from './catch-up/catch-up.js';
import { CatchUpGate } from './catch-up/catch-up-gate.js';
import { PeopleList } from './presence/people-list.js';
import { PrivateDelivery } from './delivery/private-delivery.js';
import { SendMemory } from './delivery/send-memory.js';
import { SessionWatch } from './lifecycle/session-watch.js';
import { TokenGuard } from './commands/token.guard.js';
import { ConnectGate } from './transports/socket-io/connect-gate.js';
import { Recovery } from './transports/socket-io/recovery.js';
import { SocketIoTransport } from './transports/socket-io/socket-io-transport.js';
import { DirectWritesStart } from './wire/direct-writes-start.js';
import { Heartbeat } from './connections/heartbeat.js';
import { WsTransport } from './transports/ws/ws-transport.js';
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
    GroupListCommand,
    GroupChatCommand,
    SingleChatCommand,
    SyncCommand,
    RenewCommand,
    ReadCommand,
    TypingCommand,
    TokenGuard,
    CostGuard,
    FramePipe,
    RejectFilter,
    Abuse,
    RefusalTally,
    // the way out
    LiveFeed,
    Hub,
    Backpressure,
    PrivateDelivery,
    SendMemory,
    Acknowledgement,
    DeliveryMarks,
    CatchUp,
    CatchUpGate,
    UndeliveredCheck,
    // who is here
    ConnectionRegistry,
    Lifecycle,
    PeopleList,
    PresenceAnnouncer,
    ReadNotices,
    RoomReceipts,
    SignalFollower,
    TypingAnnouncer,
    SessionWatch,
    Drain,
    GatewayMeters,
  ],
  exports: [GatewayAdapter, TransportDoor],
})
export class GatewayModule {}
