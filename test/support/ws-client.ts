import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { bounded } from './bounded.js';
import { FrameLog } from './frame-log.js';
import { atEnd } from './leftovers.js';

/** A frame of the service as received, whatever it holds. */
export interface Frame {
  readonly type: number;
  readonly user?: { readonly id: string; readonly username: string } | null;
  readonly data?: unknown;
  readonly room?: string;
  readonly to?: string;
  readonly target?: number;
  readonly id?: string;
  readonly seq?: number;
  readonly time?: number;
  readonly ref?: string;
  readonly code?: string;
  readonly retryable?: boolean;
  readonly field?: string;
  readonly attachments?: readonly { readonly id: string; readonly type: string }[];
}

export interface Close {
  readonly code: number;
  readonly reason: string;
}

/** What to wait for: a predicate, or the fields that a frame must have. */
export type Wanted = ((frame: Frame) => boolean) | Partial<Frame>;

export interface ConnectOptions {
  readonly token?: string;
  readonly ticket?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The certificate to trust, in PEM form. */
  readonly ca?: string;
  /** False: pings are not answered. */
  readonly autoPong?: boolean;
}

/** The service answered the upgrade with HTTP. */
export interface Refused {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const open = new Set<WebSocket>();

atEnd(() => {
  for (const socket of open) socket.terminate();
});

/** A raw connection for tests. */
export class ChatSocket extends FrameLog {
  private readonly ending: Promise<Close>;

  /** @param raw for what this class does not offer, such as pausing the reader */
  constructor(readonly raw: WebSocket) {
    super();
    raw.on('message', (data, isBinary) => {
      if (isBinary) throw new Error('the service sent a binary frame');
      this.add(JSON.parse((data as Buffer).toString()) as Frame);
    });
    this.ending = new Promise((resolve) => {
      raw.once('close', (code, reason) => {
        const close: Close = { code, reason: reason.toString() };
        resolve(close);
        this.end(`close ${JSON.stringify(close)}`);
      });
    });
    // An error always comes with a close, which is what tests look at.
    raw.on('error', () => undefined);
  }

  /** @param frame an object is sent as JSON, a string or bytes verbatim */
  send(frame: object | string): void {
    this.raw.send(
      typeof frame === 'string' || frame instanceof Buffer ? frame : JSON.stringify(frame),
    );
  }

  /** A ping and its pong: all that the service wrote to this connection before has arrived then. */
  async roundTrip(): Promise<void> {
    const pong = new Promise<void>((resolve) => this.raw.once('pong', () => resolve()));
    this.raw.ping();
    await bounded(pong, 'a pong', () => this.seen());
  }

  /** Waits for the connection's end. @returns how it ended */
  async closed(milliseconds?: number): Promise<Close> {
    return await bounded(this.ending, 'the close', () => this.seen(), milliseconds);
  }

  async close(code = 1000, reason = ''): Promise<Close> {
    this.raw.close(code, reason);
    return await this.closed();
  }

  /** Breaks the connection off without a closing handshake. */
  async terminate(): Promise<void> {
    this.raw.terminate();
    await this.closed();
  }
}

/**
 * Opens a connection. The welcome is a frame like every other: `next({ type: 2, user: null })`.
 * Rejects where the upgrade is refused; a test that wants this uses {@link refusal}.
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<ChatSocket> {
  const raw = dial(url, options);
  const socket = new ChatSocket(raw);
  const opened = new Promise<ChatSocket>((resolve, reject) => {
    raw.once('open', () => resolve(socket));
    raw.once('error', reject);
  });
  return await bounded(opened, 'the connection to open', () => 'nothing');
}

/** The answer to an upgrade that should be refused. */
export async function refusal(url: string, options: ConnectOptions = {}): Promise<Refused> {
  const raw = dial(url, options);
  const refused = new Promise<Refused>((resolve, reject) => {
    raw.once('open', () => reject(new Error('the upgrade was not refused')));
    raw.once('error', reject);
    raw.once('unexpected-response', (request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        request.destroy();
      });
    });
  });
  return await bounded(refused, 'a refusal', () => 'nothing');
}

function dial(url: string, options: ConnectOptions): WebSocket {
  const { token, ticket, headers, ca, autoPong = true } = options;
  const target = new URL(url);
  if (token !== undefined) target.searchParams.set('token', token);
  if (ticket !== undefined) target.searchParams.set('ticket', ticket);
  const socket = new WebSocket(target, { headers: { ...headers }, ca, autoPong });
  open.add(socket);
  socket.once('close', () => open.delete(socket));
  return socket;
}
