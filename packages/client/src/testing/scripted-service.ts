import type { MessageFrame, Person } from '@parley/protocol';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Tokens } from '../rest.js';

export const ALICE: Person = { id: 'id-alice', username: 'alice' };
export const BOB: Person = { id: 'id-bob', username: 'bob' };

export function roomMessage(seq: number, data = `message ${String(seq)}`): MessageFrame {
  return { type: 2, user: BOB, room: 'lobby', data, id: `id-${String(seq)}`, seq, time: seq };
}

export function directMessage(seq: number, data = `secret ${String(seq)}`): MessageFrame {
  return { type: 3, user: BOB, to: 'alice', data, id: `id-${String(seq)}`, seq, time: seq };
}

/** Frames or calls, kept until somebody asks for them. */
class Mailbox<Item> {
  private readonly items: Item[] = [];
  private readonly waiting: ((item: Item) => void)[] = [];

  put(item: Item): void {
    const taker = this.waiting.shift();
    if (taker) taker(item);
    else this.items.push(item);
  }

  next(): Promise<Item> {
    const item = this.items.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  get size(): number {
    return this.items.length;
  }
}

/** The service's end of one connection. The test scripts each of its steps. */
export class Peer {
  private readonly frames = new Mailbox<Record<string, unknown>>();
  readonly closed: Promise<number>;

  constructor(
    private readonly socket: WebSocket,
    readonly ticket: string | null,
  ) {
    socket.on('message', (data: Buffer) => {
      this.frames.put(JSON.parse(data.toString()) as Record<string, unknown>);
    });
    this.closed = new Promise((resolve) => socket.on('close', resolve));
  }

  /** The client's next frame. */
  next(): Promise<Record<string, unknown>> {
    return this.frames.next();
  }

  get unread(): number {
    return this.frames.size;
  }

  send(...frames: readonly object[]): void {
    for (const frame of frames) this.socket.send(JSON.stringify(frame));
  }

  welcome(lobby: number, heartbeat = 60_000): void {
    this.send({
      type: 2,
      user: null,
      data: 'Welcome',
      time: 1,
      self: ALICE,
      session: { id: 'session', expires_at: 1 },
      heads: { lobby },
      limits: { text: 4000, frame: 65_536 },
      heartbeat,
    });
  }

  /** Answers the Sync of a client that has missed nothing. */
  async answerSync(): Promise<Record<string, unknown>> {
    const frame = await this.next();
    const data = frame['data'] as Record<string, number>;
    const answer = Object.fromEntries(
      Object.entries(data).map(([name, seq]) => [name, { seq, complete: true }]),
    );
    this.send({ type: 8, ref: frame['ref'], data: answer });
    return frame;
  }

  close(code: number, reason = ''): void {
    this.socket.close(code, reason);
  }

  /** Drops the connection, as a broken line does. */
  cut(): void {
    this.socket.terminate();
  }
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** A service whose REST calls answer from a table and whose sockets follow the test's script. */
export class ScriptedService {
  readonly calls: string[] = [];
  /** Answers by `METHOD /path`; `GET /path` without its query. They get the text of the body. */
  readonly answers = new Map<string, (query: URLSearchParams, body: string) => Answer>();
  private readonly peers = new Mailbox<Peer>();
  private readonly server: Server;
  private readonly sockets = new WebSocketServer({ noServer: true });
  private refreshes = 0;

  constructor() {
    this.server = createServer((request, response) => {
      void this.answer(request, response);
    });
    this.server.on('upgrade', (request, socket, head) => {
      this.sockets.handleUpgrade(request, socket, head, (ws) => {
        const url = new URL(request.url ?? '', 'http://service');
        this.peers.put(new Peer(ws, url.searchParams.get('ticket')));
      });
    });
    this.answers.set('POST /auth/ticket', () => ({
      status: 201,
      body: { ticket: 'a ticket', expires_in: 30 },
    }));
    this.answers.set('POST /auth/refresh', () => ({ status: 200, body: this.nextTokens() }));
  }

  /** Also again, after {@link stop}. @param port 0 takes a free one */
  async start(port = 0): Promise<void> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  /** The next connection that a client opens. */
  nextPeer(): Promise<Peer> {
    return this.peers.next();
  }

  nextTokens(expiresIn = 900): Tokens {
    this.refreshes += 1;
    return {
      access_token: `access ${String(this.refreshes)}`,
      token_type: 'Bearer',
      expires_in: expiresIn,
      refresh_token: `refresh ${String(this.refreshes)}`,
      user: ALICE,
    };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://service');
    const name = `${request.method ?? ''} ${url.pathname}`;
    this.calls.push(name + url.search);
    const body = await text(request);
    const answer = this.answers.get(name)?.(url.searchParams, body) ?? { status: 404, body: {} };
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  }
}
