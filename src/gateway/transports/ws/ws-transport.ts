import { Inject, Injectable, Logger } from '@nestjs/common';
import { WebSocketServer } from 'ws';
import type { Identity } from '../../../auth/identity.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { randomSecret } from '../../../kernel/ids.js';
import { Refusal } from '../../../kernel/refusal.js';
import { toRefusal } from '../../../kernel/to-refusal.js';
import { RECONNECT } from '../../wire/close-codes.js';
import { Connection } from '../../connections/connection.js';
import { ConnectionRegistry } from '../../connections/connection-registry.js';
import { GatewayAdapter } from '../../commands/gateway.adapter.js';
import { Memberships } from '../../catch-up/memberships.js';
import { Hub } from '../../delivery/hub.js';
import { RejectFilter } from '../../commands/reject.filter.js';
import { closeOf, errorFrame } from '../../wire/reject-frame.js';
import { HandshakeAuth } from '../../admission/handshake-auth.js';
import { refuseUpgrade } from '../../admission/refuse-upgrade.js';
import { RefusalTally } from '../../admission/refusal-tally.js';
import { type Mount, Transport, type Upgrade, type UpgradeTaker } from '../../wire/transport.js';
import { SOCKET_BOUNDS } from '../../wire/socket-bounds.js';
import { Heartbeat } from '../../connections/heartbeat.js';
import { ChatSocket } from './chat-socket.js';
import { NativeFormat } from './native-format.js';
import { WsChannel } from './ws-channel.js';

/** The store could not say which rooms are the person's: the client shall come back by itself. */
class NotPrepared extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}

/** Native WebSockets on /chat. */
@Injectable()
export class WsTransport extends Transport implements UpgradeTaker {
  private readonly logger = new Logger(WsTransport.name);
  private readonly server: WebSocketServer;
  private readonly format: NativeFormat;
  /** Makes connection ids unique over nodes and restarts. */
  private readonly node = randomSecret().slice(0, 8);
  private count = 0;

  constructor(
    private readonly auth: HandshakeAuth,
    private readonly registry: ConnectionRegistry,
    private readonly adapter: GatewayAdapter,
    private readonly filter: RejectFilter,
    private readonly heartbeat: Heartbeat,
    private readonly hub: Hub,
    private readonly memberships: Memberships,
    private readonly refused: RefusalTally,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    super();
    this.format = new NativeFormat(settings.limits.jsonDepth);
    this.server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: settings.limits.frameBytes,
      WebSocket: ChatSocket,
      ...SOCKET_BOUNDS,
    });
    this.server.on('wsClientError', (_error, socket) => {
      this.refused.byCode.count('bad-request');
      refuseUpgrade(socket, new Refusal('bad-request'), this.settings.locale);
    });
  }

  override mount(door: Mount): void {
    door.upgrades('/chat', this);
  }

  async accept(upgrade: Upgrade): Promise<void> {
    let identity: Identity;
    let release: () => void;
    try {
      identity = await this.auth.authenticate(
        HandshakeAuth.credentialsOf(upgrade.request, upgrade.url),
      );
      this.registry.checkPerson(identity.user.id);
      release = await this.prepare(identity.user.id);
    } catch (error) {
      this.refuse(upgrade, error);
      return;
    }
    this.open(upgrade, (socket) => {
      this.begin(socket, upgrade, identity);
    });
    release();
  }

  private async prepare(personId: string): Promise<() => void> {
    try {
      return await this.memberships.prepare(personId);
    } catch (error) {
      throw new NotPrepared(toRefusal(error, { logger: this.logger, event: 'rooms-unknown' }));
    }
  }

  /** A browser can read a frame and a close code, but not the answer to a failed upgrade. */
  private refuse(upgrade: Upgrade, error: unknown): void {
    const refusal =
      error instanceof NotPrepared
        ? error.refusal
        : toRefusal(error, { logger: this.logger, event: 'handshake-failed' });
    this.refused.byCode.count(refusal.code);
    const close = error instanceof NotPrepared ? RECONNECT.tryLater : closeOf(refusal);
    if (close === null) {
      refuseUpgrade(upgrade.socket, refusal, this.settings.locale);
      return;
    }
    const why = error instanceof NotPrepared ? null : errorFrame(refusal, this.settings.locale);
    this.open(upgrade, (socket) => {
      socket.dismiss(why, close);
    });
  }

  private open(upgrade: Upgrade, opened: (socket: ChatSocket) => void): void {
    const { request, socket, head } = upgrade;
    if (socket.destroyed) return;
    // One write for the answer to the upgrade and the first frame.
    socket.cork();
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      if (webSocket instanceof ChatSocket) opened(webSocket);
    });
    socket.uncork();
  }

  private begin(socket: ChatSocket, upgrade: Upgrade, identity: Identity): void {
    const id = `${this.node}.${(this.count++).toString(36)}`;
    const channel = new WsChannel(socket, upgrade.socket);
    const { address } = upgrade;
    const connection = new Connection(
      id,
      identity,
      address,
      this.format,
      channel,
      upgrade.url.searchParams.get('resume') === '1',
      this.hub.gather,
    );
    socket.serve(connection, this.filter, this.heartbeat.watch(socket));
    this.adapter.accept(connection);
  }
}
