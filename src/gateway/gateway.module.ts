import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ChatModule } from '../chat/chat.module.js';
import { HttpModule } from '../http/http.module.js';
import { PresenceModule } from '../presence/presence.module.js';
import { Abuse } from './abuse.js';
import { Acknowledgement } from './acknowledgement.js';
import { ChatGateway } from './chat.gateway.js';
import { CommandCosts } from './command-costs.js';
import { ConnectionRegistry } from './connection-registry.js';
import { CostGuard } from './cost.guard.js';
import { DeliveryMarks } from './delivery-marks.js';
import { Drain } from './drain.js';
import { FramePipe } from './frame.pipe.js';
import { GatewayMeters } from './gateway-meters.js';
import { GatewayAdapter } from './gateway.adapter.js';
import { Hub } from './hub.js';
import { Lifecycle } from './lifecycle.js';
import { LiveFeed } from './live-feed.js';
import { Outlet } from './outlet.js';
import { PresenceAnnouncer } from './presence-announcer.js';
import { RejectFilter } from './reject.filter.js';
import { Resume } from './resume.js';
import { ResumeGate } from './resume-gate.js';
import { Roster } from './roster.js';
import { SendMemory } from './send-memory.js';
import { SessionWatch } from './session-watch.js';
import { TokenGuard } from './token.guard.js';
import { PollingDoor } from './transports/socket-io/polling-door.js';
import { Recovery } from './transports/socket-io/recovery.js';
import { SocketIoTransport } from './transports/socket-io/socket-io-transport.js';
import { DirectWritesStart } from './transports/ws/direct-writes-start.js';
import { Heartbeat } from './transports/ws/heartbeat.js';
import { WsTransport } from './transports/ws/ws-transport.js';
import { Undelivered } from './undelivered.js';
import { Admission } from './upgrade/admission.js';
import { HandshakeAuth } from './upgrade/handshake-auth.js';
import { OriginPolicy } from './upgrade/origin-policy.js';
import { RefusedUpgrades } from './upgrade/refused-upgrades.js';
import { UpgradeHintController } from './upgrade/upgrade-hint.controller.js';
import { type Transport, TRANSPORTS } from './upgrade/transport.js';
import { UpgradeDispatcher } from './upgrade/upgrade-dispatcher.js';

/** Sockets: who may open one, what comes in, what goes out. */
@Module({
  imports: [AuthModule, ChatModule, PresenceModule, HttpModule],
  controllers: [UpgradeHintController],
  providers: [
    // the way in
    UpgradeDispatcher,
    HandshakeAuth,
    Admission,
    OriginPolicy,
    WsTransport,
    SocketIoTransport,
    PollingDoor,
    Recovery,
    {
      provide: TRANSPORTS,
      useFactory: (...transports: Transport[]) => transports,
      inject: [WsTransport, SocketIoTransport],
    },
    Heartbeat,
    DirectWritesStart,
    GatewayAdapter,
    ChatGateway,
    TokenGuard,
    CostGuard,
    CommandCosts,
    FramePipe,
    RejectFilter,
    Abuse,
    RefusedUpgrades,
    // the way out
    LiveFeed,
    Hub,
    Outlet,
    SendMemory,
    Acknowledgement,
    DeliveryMarks,
    Resume,
    ResumeGate,
    Undelivered,
    // who is here
    ConnectionRegistry,
    Lifecycle,
    Roster,
    PresenceAnnouncer,
    SessionWatch,
    Drain,
    GatewayMeters,
  ],
  exports: [GatewayAdapter, PollingDoor],
})
export class GatewayModule {}
