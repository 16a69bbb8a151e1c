/** How a server is started. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A member's identity at the server. */
export interface Pass {
  readonly name: string;
  /** From log-in; empty where there is none. */
  readonly token: string;
}

/** A WebSocket handshake. */
export interface Upgrade {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What to do with a frame during the handshake. */
export type Greeting = 'ready' | 'wait' | { readonly answer: string };

/** How a client catches up after a reconnect. */
export interface Recovery {
  upgrade(pass: Pass): Upgrade;
  /** Asks for what followed the room's first `have` messages. */
  ask(have: number): string;
  /** @param head a frame's first 16 characters. Whether it completes the catch-up */
  isAnswer(head: string): boolean;
}

/** How many rooms are made, entered and spoken in. */
export interface Rooms {
  /** Makes the rooms, each with these members, before anybody connects. */
  prepare?(port: number, rooms: ReadonlyMap<string, readonly Pass[]>): Promise<void>;
  /** Enters a room, once a member is connected. */
  enter?(room: string): string;
  /** A message to everybody in a room. */
  say(author: Pass, room: string, text: string, ref: string): string;
  /** Asks for what followed the first `have` messages in these rooms; answered as a recovery is. */
  ask?(have: ReadonlyMap<string, number>): string;
}

/** A server to measure, and how to talk to it. Texts are payloads of WebSocket text frames. */
export interface Peer {
  readonly name: string;
  readonly title: string;
  /** @returns why it can't run here and how to get it; null where it can */
  missing(): string | null;
  version(): string;
  /** @param folder an empty folder of its own, removed afterwards */
  command(port: number, folder: string): Command;
  /** Whether it needs a PostgreSQL and a Redis, which are started with it. */
  readonly isBacked?: boolean;
  /** Where there is log-in: one pass per member. */
  admit?(port: number, names: readonly string[]): Promise<readonly Pass[]>;
  upgrade(pass: Pass): Upgrade;
  /** Absent where a connection is ready after the upgrade. */
  greet?(frame: string, pass: Pass): Greeting;
  /** The server's own heartbeat, where it isn't a ping frame. @returns the answer or null */
  heartbeat?(frame: string): string | null;
  /** Whether one text frame may carry several messages. */
  readonly joinsMessages?: boolean;
  /** Whether a message to the room is not echoed to the connection that sent it. */
  readonly sparesAuthor?: boolean;
  /** A message to everybody in the room. */
  say(author: Pass, text: string, ref: string): string;
  /** For servers with rooms. */
  readonly rooms?: Rooms;
  /** A message to one person; the answer carries the ref. */
  whisper?(to: Pass, text: string, ref: string): string;
  /**
   * For servers that keep the room's messages: the path to a page of them, and to all as ndjson.
   */
  readonly archive?: {
    page(before: number, limit: number): string;
    readonly export: string;
  };
  /** For servers that let a client catch up. */
  readonly recovery?: Recovery;
  /** A message that is echoed to its author only. */
  echo?(text: string): string;
}
