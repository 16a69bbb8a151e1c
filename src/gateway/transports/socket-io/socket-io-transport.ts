import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Server, type Socket } from 'socket.io';
import { WebSocketServer } from 'ws';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { Clock } from '../../../kernel/clock.js';
import { Scheduler } from '../../../kernel/scheduler.js';
import { randomSecret } from '../../../kernel/ids.js';
import { Refusal } from '../../../kernel/refusal.js';
import { toRefusal } from '../../../kernel/to-refusal.js';
import type { Locale } from '../../../kernel/locale/texts.js';
import { GatewayAdapter } from '../../commands/gateway.adapter.js';
import { Hub } from '../../delivery/hub.js';
import { errorFrame } from '../../wire/reject-frame.js';
import { Admission, type Seat } from '../../admission/admission.js';
import { refuseUpgrade } from '../../admission/refuse-upgrade.js';
import { RefusalTally } from '../../admission/refusal-tally.js';
import { type Mount, Transport, type Upgrade, type UpgradeTaker } from '../../wire/transport.js';
import { SOCKET_BOUNDS } from '../../wire/socket-bounds.js';
import { Heartbeat } from '../../connections/heartbeat.js';
import { ConnectGate } from './connect-gate.js';
import {
  canUpgrade,
  type Engine,
  type EngineConnection,
  engineOf,
  forgetHandshake,
  sessionOf,
  setQuery,
  stopPings,
} from './engine-inside.js';
import { proveEngine } from './engine-proof.js';
import { PacketFormat } from './packet-format.js';
import { FRAME, PacketDecoder, PacketEncoder } from './packet-parser.js';
import { PollingEndpoint, type PollingSessions } from './polling-endpoint.js';
import { Recovery } from './recovery.js';
import { readSessionQuery, type SessionQuery } from './session-query.js';
import { SocketIoChannel } from './socket-io-channel.js';
import { type Client, SocketIoConnection } from './socket-io-connection.js';

/** Shared by all services in this process, since it tests the installed package. */
let proof: Promise<string | null> | null = null;

const PATH = '/socket.io/';

/** Most sessions that are open and not authenticated. */
const MOST_STRANGERS = 2_000;

/** Engine.IO's own WebSocket server, with our bounds. */
class BoundedServer extends WebSocketServer {
  constructor(options: ConstructorParameters<typeof WebSocketServer>[0]) {
    super({ ...options, ...SOCKET_BOUNDS });
  }
}

/**
 * Socket.IO 4 clients on /socket.io/, by WebSocket, by long polling, and upgrading from one to the
 * other. The `socket.io` server does sessions, polling and the upgrade; admission, the meaning of
 * frames and delivery are shared with all transports.
 */
@Injectable()
export class SocketIoTransport
  extends Transport
  implements UpgradeTaker, PollingSessions, OnModuleInit, OnApplicationShutdown
{
  private readonly logger = new Logger(SocketIoTransport.name);
  private readonly server: Server;
  private readonly engine: Engine;
  private readonly format: PacketFormat;
  private readonly channels = new WeakMap<EngineConnection, SocketIoChannel>();
  /** The addresses and seats of requests that may open a session. */
  private readonly addresses = new WeakMap<IncomingMessage, string>();
  private readonly seats = new WeakMap<IncomingMessage, Seat>();
  /** Sessions whose clients are not let in yet. */
  private readonly strangers = new Set<SocketIoChannel>();
  /** Engine.IO's internals are as expected. */
  private isProven = false;
  /** Makes connection ids unique over nodes, transports and restarts. */
  private readonly node = randomSecret().slice(0, 8);
  private count = 0;

  constructor(
    private readonly admission: Admission,
    private readonly gate: ConnectGate,
    private readonly adapter: GatewayAdapter,
    private readonly recovery: Recovery,
    private readonly heartbeat: Heartbeat,
    private readonly hub: Hub,
    private readonly refused: RefusalTally,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    super();
    const { limits, locale, heartbeatIntervalMs } = settings;
    this.format = new PacketFormat(limits.jsonDepth);
    // It never listens: requests are handed to the engine one by one.
    this.server = new Server(createServer(), {
      path: '/socket.io',
      serveClient: false,
      transports: ['polling', 'websocket'],
      pingInterval: heartbeatIntervalMs,
      pingTimeout: heartbeatIntervalMs,
      connectTimeout: limits.handshakeTimeoutMs,
      upgradeTimeout: limits.handshakeTimeoutMs,
      maxHttpBufferSize: limits.frameBytes,
      httpCompression: false,
      perMessageDeflate: false,
      wsEngine: BoundedServer,
      parser: { Encoder: encoderFor(locale), Decoder: PacketDecoder },
    });
    this.engine = engineOf(this.server);
    this.engine.ws.on('wsClientError', (_error, socket) => {
      refuseUpgrade(socket, new Refusal('bad-request'), settings.locale);
    });
    this.engine.on('connection', (connection) => {
      this.open(connection);
    });
    this.server.use((socket, next) => {
      void this.gate.judge(socket, next);
    });
    this.server.on('connection', (socket) => {
      this.enter(socket);
    });
  }

  override mount(door: Mount): void {
    const polling = new PollingEndpoint(this, this.admission, this.settings);
    door.upgrades(PATH, this);
    door.requests(PATH, polling.take);
  }

  /** With unknown internals nobody could bound a session: then Socket.IO is not offered. */
  async onModuleInit(): Promise<void> {
    proof ??= proveEngine();
    const reason = await proof;
    this.isProven = reason === null;
    if (reason !== null) {
      this.logger.warn(`Socket.IO is not offered: engine.io failed its proof (${reason})`);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.server.close();
  }

  /** A WebSocket takes over a session of long polling. @throws Refusal where there is none */
  continues(url: URL): boolean {
    const { sid, transport } = readSessionQuery(url.searchParams);
    if (transport !== 'websocket') throw new Refusal('bad-request', { field: 'transport' });
    if (sid === null) return false;
    const session = sessionOf(this.engine, sid);
    if (session === null || !canUpgrade(session)) throw new Refusal('bad-request');
    return true;
  }

  accept({ request, socket, head, url, address }: Upgrade): Promise<void> {
    try {
      const { sid, parameters } = readSessionQuery(url.searchParams);
      if (sid === null) this.checkStrangers();
      this.addresses.set(request, address);
      setQuery(request, parameters);
      this.engine.handleUpgrade(request, socket, head);
    } catch (error) {
      const refusal = toRefusal(error, { logger: this.logger, event: 'handshake-failed' });
      this.refused.byCode.count(refusal.code);
      refuseUpgrade(socket, refusal, this.settings.locale);
    }
    return Promise.resolve();
  }

  checkStrangers(): void {
    if (!this.isProven) throw new Refusal('not-found');
    if (this.strangers.size >= MOST_STRANGERS) {
      throw new Refusal('too-many-connections');
    }
  }

  poll(
    request: IncomingMessage,
    response: ServerResponse,
    { parameters }: SessionQuery,
    seat: Seat | null,
  ): void {
    setQuery(request, parameters);
    if (seat !== null) {
      this.seats.set(request, seat);
      this.addresses.set(request, seat.address);
      // Engine.IO opens the session in this turn or not at all, whenever the answer is read.
      this.scheduler.nextTurn(() => {
        this.forget(request);
      });
    }
    this.engine.handleRequest(request, response);
  }

  channelOf(sessionId: string): SocketIoChannel | null {
    const session = sessionOf(this.engine, sessionId);
    return (session && this.channels.get(session)) ?? null;
  }

  /** Gives back a seat that no session took. */
  private forget(request: IncomingMessage): void {
    this.seats.get(request)?.release();
    this.seats.delete(request);
  }

  private open(connection: EngineConnection): void {
    const { request } = connection;
    const seat = this.seats.get(request);
    this.seats.delete(request);
    const channel = new SocketIoChannel(connection, this.clock, this.scheduler);
    this.channels.set(connection, channel);
    stopPings(connection);
    const stopWatching = this.heartbeat.watch(channel);
    this.strangers.add(channel);
    connection.once('close', () => {
      stopWatching();
      seat?.release();
      this.strangers.delete(channel);
    });
  }

  private enter(socket: Socket): void {
    const engineConnection = socket.conn;
    const channel = this.channels.get(engineConnection);
    const address = this.addresses.get(engineConnection.request) ?? 'unknown';
    const verdict = ConnectGate.verdictOn(socket);
    forgetHandshake(socket);
    if (channel === undefined) return;
    if ('refusal' in verdict) {
      channel.write(this.format.encode(errorFrame(verdict.refusal, this.settings.locale)));
      channel.close(verdict.close);
      return;
    }
    this.strangers.delete(channel);
    const { identity, back, asksItself, release } = verdict;
    const { start, offset } = back;
    const resumes = asksItself || start !== null;
    const connection = this.connect(channel, { ...back, identity, address, resumes });
    socket.on(FRAME, (text: string) => {
      connection.receive(text);
    });
    socket.on('disconnect', () => {
      connection.gone();
      channel.hangUp();
    });
    this.adapter.accept(connection);
    release();
    if (start !== null) this.recovery.bring(connection, offset, start);
    else connection.write(connection.standing());
  }

  private connect(channel: SocketIoChannel, client: Client): SocketIoConnection {
    const id = `${this.node}.${(this.count++).toString(36)}`;
    const { format, hub } = this;
    return new SocketIoConnection(id, client, channel, {
      format,
      gather: hub.gather,
    });
  }
}

/** The server constructs its encoders itself. */
function encoderFor(locale: Locale): new () => PacketEncoder {
  return class extends PacketEncoder {
    constructor() {
      super(locale);
    }
  };
}
