import { actionAfterClose } from '@parley/protocol';
import type { WebSocket } from 'ws';
import { bounded, until } from './bounded.js';
import { guest, join, type Place, type Tokens } from './people.js';
import { type ClientOptions, joinBySocketIo, type SocketIoClient } from './socket-io-client.js';
import { type ChatSocket, connect, type Frame, type Wanted } from './ws-client.js';

/** A client of any transport, as the shared tests see it. */
export interface AnyClient {
  /** Every frame so far, in order. */
  readonly frames: readonly Frame[];
  send(frame: SentFrame): void;
  next(wanted: Wanted, milliseconds?: number): Promise<Frame>;
  take(count: number, wanted: Wanted): Promise<readonly Frame[]>;
  /** Resolves when all that the service wrote to this connection before has arrived. */
  roundTrip(): Promise<void>;
  /** Disconnects, and resolves when it is gone. */
  close(): Promise<unknown>;
  /** Waits until the service has ended the connection. @returns whether the client may reconnect */
  ended(): Promise<boolean>;
}

/** A frame as on the native wire: elsewhere the type is the event's name. */
export interface SentFrame {
  readonly type: number;
  readonly [field: string]: unknown;
}

export interface AnyMember {
  readonly tokens: Tokens;
  readonly socket: AnyClient;
}

export interface JoinOptions {
  /** The client asks for what it missed by itself. */
  readonly resume?: boolean;
}

/** How to open clients of one transport. */
export interface Clients {
  /** Whether a client is sent its own messages. */
  readonly echoes: boolean;
  /** Another connection of somebody, welcomed. */
  join(place: Place, tokens: Tokens, options?: JoinOptions): Promise<AnyClient>;
  /** A new guest of that name with one open connection. */
  enter(place: Place, username: string): Promise<AnyMember>;
}

/** Ways in, by their names. */
export const WAYS_IN: Readonly<Record<string, Clients['join']>> = {
  native: joinNatively,
  'Socket.IO': by('websocket'),
  polling: by('polling'),
};

/** @param echoes as {@link Clients.echoes} */
export function clientsBy(echoes: boolean, joinOne: Clients['join']): Clients {
  return {
    echoes,
    join: joinOne,
    async enter(place, username) {
      const tokens = await guest(place, username);
      return { tokens, socket: await joinOne(place, tokens) };
    },
  };
}

export async function joinNatively(
  place: Place,
  tokens: Tokens,
  { resume = false }: JoinOptions = {},
): Promise<AnyClient> {
  const socket = resume ? await joinToResume(place, tokens) : await join(place, tokens);
  return {
    frames: socket.frames,
    send: (frame) => {
      socket.send(frame);
    },
    next: (wanted, milliseconds) => socket.next(wanted, milliseconds),
    take: (count, wanted) => socket.take(count, wanted),
    roundTrip: () => socket.roundTrip(),
    close: () => socket.close(),
    ended: async () => actionAfterClose((await socket.closed()).code) === 'reconnect',
  };
}

async function joinToResume(place: Place, tokens: Tokens): Promise<ChatSocket> {
  const socket = await connect(`${place.wsUrl}?resume=1`, { token: tokens.access_token });
  await socket.next({ type: 2, user: null });
  return socket;
}

export function by(transport: 'polling' | 'websocket'): Clients['join'] {
  return async (place, tokens, { resume = false } = {}) => {
    const options: ClientOptions = {
      transports: [transport],
      auth: { token: tokens.access_token, ...(resume && { resume: '1' }) },
      reconnection: false,
    };
    return ofSocketIo(await joinBySocketIo(place, tokens, options), place);
  };
}

function ofSocketIo(client: SocketIoClient, place: Place): AnyClient {
  return {
    frames: client.frames,
    send: ({ type, ...fields }) => {
      client.raw.emit(String(type), fields);
    },
    next: (wanted, milliseconds) => client.next(wanted, milliseconds),
    take: (count, wanted) => client.take(count, wanted),
    roundTrip: () => client.roundTrip(),
    close: () => leave(client, place),
    ended: async () => {
      if (client.partings.length === 0) await client.until('disconnect');
      return client.partings.at(-1) !== 'io server disconnect';
    },
  };
}

/** The client disconnects, and the service knows: a message from now on finds it away. */
async function leave(client: SocketIoClient, place: Place): Promise<void> {
  if (!client.raw.connected) return;
  const { id, transport } = client.raw.io.engine;
  const { ws } = transport as unknown as { readonly ws?: WebSocket };
  const closed = new Promise<void>((resolve) => ws?.addEventListener('close', () => resolve()));
  client.raw.disconnect();
  if (ws === undefined)
    await isForgotten(`${place.url}/socket.io/?EIO=4&transport=polling&sid=${id}`);
  else await bounded(closed, 'the close', () => client.seen());
}

async function isForgotten(session: string): Promise<void> {
  const look = async (): Promise<true | null> =>
    (await fetch(session)).status === 400 ? true : null;
  await until(look, 'the end of a session', () => 'still there');
}
