import { Inject, Injectable, Logger } from '@nestjs/common';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { Identity } from '../../../auth/identity.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { randomSecret } from '../../../kernel/ids.js';
import { Refusal } from '../../../kernel/refusal.js';
import { toRefusal } from '../../../kernel/to-refusal.js';
import { DO_NOT_RECONNECT } from '../../wire/close-codes.js';
import { Connection } from '../../connections/connection.js';
import { ConnectionRegistry } from '../../connections/connection-registry.js';
import { GatewayAdapter } from '../../commands/gateway.adapter.js';
import { Hub } from '../../delivery/hub.js';
import { RejectFilter } from '../../commands/reject.filter.js';
import { closeOf, errorFrame } from '../../wire/reject-frame.js';
import { HandshakeAuth } from '../../admission/handshake-auth.js';
import { refuseUpgrade } from '../../admission/refuse-upgrade.js';
import { RefusalTally } from '../../admission/refusal-tally.js';
import { type Mount, Transport, type Upgrade, type UpgradeTaker } from '../../wire/transport.js';
import { SOCKET_BOUNDS } from '../../wire/socket-bounds.js';
import { PING_FRAME } from '../../wire/framing.js';
import { Heartbeat, type Pulse } from '../../connections/heartbeat.js';
import { NativeFormat } from './native-format.js';
import { WsChannel } from './ws-channel.js';

/** A WebSocket that knows its connection: listeners are shared by all sockets. */
class ChatSocket extends WebSocket implements Pulse {
  connection: Connection | null = null;
  filter: RejectFilter | null = null;
  stopPings: (() => void) | null = null;
  alive = true;
  takenBefore: number | null = null;

  get queuedBytes(): number {
    return this.connection?.channel.queuedBytes ?? 0;
  }

  get takenBytes(): number {
    return this.connection?.channel.takenBytes ?? 0;
  }

  override ping(): void {
    this.connection?.channel.write(PING_FRAME);
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
    try {
      identity = await this.auth.authenticate(
        HandshakeAuth.credentialsOf(upgrade.request, upgrade.url),
      );
      this.registry.checkPerson(identity.user.id);
    } catch (error) {
      this.refuse(upgrade, error);
      return;
    }
    this.open(upgrade, (socket) => {
      this.begin(socket, upgrade, identity);
    });
  }

  /** A browser can read a frame and a close code, but not the answer to a failed upgrade. */
  private refuse(upgrade: Upgrade, error: unknown): void {
    const refusal = toRefusal(error, { logger: this.logger, event: 'handshake-failed' });
    this.refused.byCode.count(refusal.code);
    const close = closeOf(refusal);
    if (close === null) {
      refuseUpgrade(upgrade.socket, refusal, this.settings.locale);
      return;
    }
    this.open(upgrade, (socket) => {
      socket.on('error', onError);
      socket.send(JSON.stringify(errorFrame(refusal, this.settings.locale)));
      socket.close(close.code, close.reason);
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
    socket.connection = connection;
    socket.filter = this.filter;
    socket.stopPings = this.heartbeat.watch(socket);
    socket.on('message', onMessage);
    socket.on('pong', onPong);
    socket.on('error', onError);
    socket.on('close', onClose);
    this.adapter.accept(connection);
  }
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  if (!(this instanceof ChatSocket) || this.connection === null) return;
  this.alive = true;
  if (isBinary) this.filter?.refuseUnhandled(this.connection, new Refusal('not-text'), null, null);
  else this.connection.receive((data as Buffer).toString('utf8'));
}

function onPong(this: WebSocket): void {
  if (this instanceof ChatSocket) this.alive = true;
}

/** ws has answered an invalid frame with the matching close code; the close event follows. */
function onError(this: WebSocket, error: Error): void {
  if (!(this instanceof ChatSocket) || this.connection === null) return;
  this.connection.broken(closeCodeOf(error));
}

/** ws does not expose the code it answered with; null where the network failed. */
function closeCodeOf(error: Error): number | null {
  const code = 'code' in error ? String(error.code) : '';
  if (!code.startsWith('WS_ERR_')) return null;
  if (code === 'WS_ERR_INVALID_UTF8') return 1007;
  if (code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') return DO_NOT_RECONNECT.policy.code;
  return /^WS_ERR_UNSUPPORTED_\w+_LENGTH$/.test(code) ? 1009 : 1002;
}

function onClose(this: WebSocket, code: number): void {
  if (!(this instanceof ChatSocket)) return;
  this.stopPings?.();
  this.connection?.gone(code);
}
