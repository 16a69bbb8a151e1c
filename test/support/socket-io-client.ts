import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { bounded } from './bounded.js';
import { FrameLog } from './frame-log.js';
import { atEnd } from './leftovers.js';
import type { Place, Tokens } from './people.js';

export type ClientOptions = Partial<ManagerOptions & SocketOptions>;

/** An answer to a callback. */
export interface Answer {
  readonly id?: string;
  readonly seq?: number;
  readonly time?: number;
  readonly code?: string;
  readonly data?: unknown;
  readonly retryable?: boolean;
}

const open = new Set<Socket>();

atEnd(() => {
  for (const socket of open) socket.disconnect();
  open.clear();
});

/** A plain `socket.io-client`. Its events are kept as the frames they stand for. */
export class SocketIoClient extends FrameLog {
  /** The reason of each disconnect. */
  readonly partings: string[] = [];

  constructor(readonly raw: Socket) {
    super();
    raw.onAny((event: unknown, payload: object) => {
      if (Number.isNaN(Number(event))) return;
      this.add({ ...payload, type: Number(event) });
    });
    raw.on('connect', () => {
      this.goOn();
    });
    raw.on('disconnect', (reason) => {
      this.partings.push(reason);
      if (!raw.active) this.end(`disconnected: ${reason}`);
    });
  }

  /** Resolves with the answer to the callback. */
  async ask(type: number, payload: object): Promise<Answer> {
    const answer = new Promise<Answer>((resolve) => this.raw.emit(String(type), payload, resolve));
    return await bounded(answer, `an answer to ${type}`, () => this.seen());
  }

  /** Resolves when all that the service wrote to this connection before has arrived. */
  async roundTrip(): Promise<void> {
    await this.ask(8, { data: {} });
  }

  async until(event: 'connect' | 'disconnect'): Promise<void> {
    const done = new Promise<void>((resolve) => {
      this.raw.once(event, () => {
        resolve();
      });
    });
    await bounded(done, event, () => this.seen());
  }
}

/** A client that starts to connect. */
export function dial(url: string, options: ClientOptions = {}): SocketIoClient {
  const raw = io(url, {
    forceNew: true,
    reconnectionDelay: 20,
    reconnectionDelayMax: 50,
    ...options,
  });
  open.add(raw);
  return new SocketIoClient(raw);
}

/** Another connection of somebody, welcomed. */
export async function joinBySocketIo(
  place: Pick<Place, 'url'>,
  tokens: Tokens,
  options: ClientOptions = {},
): Promise<SocketIoClient> {
  const client = dial(place.url, { auth: { token: tokens.access_token }, ...options });
  await client.next({ type: 2, user: null });
  return client;
}
