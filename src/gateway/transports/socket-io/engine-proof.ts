import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { type AddressInfo, Socket as TcpSocket } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { WebSocket } from 'ws';
import {
  canUpgrade,
  type EngineConnection,
  engineOf,
  forgetHandshake,
  hasPings,
  isHoldingBack,
  isPolled,
  onPoll,
  sendPayload,
  sessionOf,
  setQuery,
  setRecoveryId,
  setSocketId,
  stopPings,
  tcpSocketOf,
  webSocketOf,
  whenPolled,
} from './engine-inside.js';

/** About thirty milliseconds are enough on an idle machine. */
const PATIENCE_MS = 5_000;
/** A ping and two messages in one answer. */
const PAYLOAD = '2\x1e4one\x1e4two';
const PATH = '/socket.io/?EIO=4&transport=';

/**
 * Tests over loopback, on a session of its own, what engine-inside.ts relies on: a session is
 * opened by long polling, written to, upgraded to a WebSocket, and connected. Never rejects.
 *
 * @param server the one under test; it is closed afterwards
 * @returns what differs from what is known; null where nothing does
 */
export async function proveEngine(
  server = new Server(createServer(), { path: '/socket.io', serveClient: false }),
  patienceMs = PATIENCE_MS,
): Promise<string | null> {
  const engine = engineOf(server);
  const http = createServer((request, response) => {
    moveQuery(request);
    engine.handleRequest(request, response);
  });
  http.on('upgrade', (request, socket, head) => {
    moveQuery(request);
    engine.handleUpgrade(request, socket as TcpSocket, head);
  });
  const trial = new Trial(server, http);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`nothing comes after: ${trial.step}`));
    }, patienceMs);
  });
  try {
    await Promise.race([trial.run(), late]);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
    trial.socket?.terminate();
    http.closeAllConnections();
    http.close();
    // A different version may fail to close as well.
    await server.close().catch(() => undefined);
  }
}

/** Leaves Engine.IO no query but the one it is given. */
function moveQuery(request: IncomingMessage): void {
  const { searchParams } = new URL(request.url ?? '', 'http://service');
  setQuery(request, Object.fromEntries(searchParams));
  request.url = '/socket.io/';
}

class Trial {
  /** The step in progress. */
  step = 'the beginning';
  socket: WebSocket | null = null;
  private base = '';
  private id = '';

  constructor(
    private readonly server: Server,
    private readonly http: HttpServer,
  ) {}

  async run(): Promise<void> {
    this.http.listen(0, '127.0.0.1');
    await once(this.http, 'listening');
    this.base = `127.0.0.1:${(this.http.address() as AddressInfo).port}${PATH}`;
    const session = await this.opens();
    await this.writes(session);
    await this.upgrades(session);
    await this.connects(session);
  }

  private async opens(): Promise<EngineConnection> {
    this.step = 'opening a session';
    const engine = engineOf(this.server);
    const opened = new Promise<EngineConnection>((resolve) => {
      engine.on('connection', resolve);
    });
    const [, id = ''] = /"sid":"([^"]+)"/.exec(await this.poll('')) ?? [];
    const session = await opened;
    this.expect('the table of sessions', sessionOf(engine, id) === session);
    this.expect('the transport', webSocketOf(session) === null && canUpgrade(session));
    this.expect('an idle session', !isHoldingBack(session));
    this.expect('its pings', hasPings(session));
    stopPings(session);
    this.id = id;
    return session;
  }

  private async writes(session: EngineConnection): Promise<void> {
    this.step = 'writing to the next poll';
    session.write('hello');
    this.expect('what waits for a poll', isHoldingBack(session));
    let isCalled = false;
    whenPolled(session, () => (isCalled = true));
    this.expect('a poll that is not there', !isCalled);
    this.expect('what a poll brings', (await this.poll(this.id)) === '4hello');
    this.expect('what a poll took', !isHoldingBack(session));
    this.step = 'waiting for a poll';
    const polled = new Promise<void>((resolve) => {
      whenPolled(session, resolve);
    });
    let isSeen = false;
    onPoll(session, () => (isSeen = true));
    this.expect('a poll before it is there', !isPolled(session));
    const answer = this.poll(this.id);
    await polled;
    this.expect('a poll that waits', isPolled(session) && isSeen);
    sendPayload(session, PAYLOAD);
    this.expect('what a waiting poll brings', (await answer) === PAYLOAD);
  }

  private async upgrades(session: EngineConnection): Promise<void> {
    this.step = 'taking over by a WebSocket';
    const upgraded = new Promise<void>((resolve) => {
      session.once('upgrade', () => {
        resolve();
      });
    });
    const socket = new WebSocket(`ws://${this.base}websocket&sid=${this.id}`);
    this.socket = socket;
    await once(socket, 'open');
    socket.send('2probe');
    await messageOf(socket);
    socket.send('5');
    await upgraded;
    const inside = webSocketOf(session);
    this.expect('the WebSocket', inside instanceof WebSocket);
    this.expect('its TCP socket', inside !== null && tcpSocketOf(inside) instanceof TcpSocket);
    this.expect('a second upgrade', !canUpgrade(session));
    session.write('direct');
    this.expect('what is written to it', (await messageOf(socket)) === '4direct');
  }

  private async connects(session: EngineConnection): Promise<void> {
    this.step = 'connecting';
    const { socket } = this;
    if (socket === null) throw new Error('no WebSocket');
    this.server.use((client, next) => {
      try {
        setRecoveryId(client, 'some-id');
        setSocketId(client, 'other-id');
        next();
      } catch (error) {
        // Nobody else would catch it: the process would end.
        next(error instanceof Error ? error : new Error(String(error)));
      }
    });
    const connected = new Promise<Socket>((resolve) => {
      this.server.once('connection', resolve);
    });
    const welcome = messageOf(socket);
    socket.send('40');
    const client = await connected;
    this.expect('whose session it is', client.conn === session);
    const ids = await welcome;
    this.expect('the id that is brought back', ids.includes('"pid":"some-id"'));
    this.expect('the id of the client', ids.includes('"sid":"other-id"'));
    forgetHandshake(client);
    this.step = 'an event';
    const event = once(client, 'event');
    socket.send('42["event",7]');
    this.expect('an event', (await event)[0] === 7);
  }

  private expect(what: string, isAsKnown: boolean): void {
    if (!isAsKnown) throw new Error(`${what} is another one`);
  }

  private async poll(session: string): Promise<string> {
    const query = session === '' ? '' : `&sid=${session}`;
    const request = get(`http://${this.base}polling${query}`);
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  }
}

async function messageOf(socket: WebSocket): Promise<string> {
  const [data] = (await once(socket, 'message')) as [Buffer];
  return data.toString();
}
