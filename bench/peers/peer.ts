/** How a server is started. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Who a member is to the server. */
export interface Pass {
  readonly name: string;
  /** What the server gave at log-in; empty where there is none. */
  readonly token: string;
}

/** What opening a connection takes. */
export interface Upgrade {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What to do about a frame that comes while the connection is being opened. */
export type Greeting = 'ready' | 'wait' | { readonly answer: string };

/** How a client comes back to the room. */
export interface Recovery {
  upgrade(pass: Pass): Upgrade;
  /** Asks for what came behind the first so many messages of the room. */
  ask(have: number): string;
  /** @param head the first 16 characters of a frame. Whether everything has come with it */
  isAnswer(head: string): boolean;
}

/** A server to measure, and how to talk to it. Texts are payloads of WebSocket text frames. */
export interface Peer {
  readonly name: string;
  readonly title: string;
  /** @returns why it can't run here and how to get it, or null where it can */
  missing(): string | null;
  version(): string;
  /** @param folder an empty folder of its own, removed afterwards */
  command(port: number, folder: string): Command;
  /** It is a node over a PostgreSQL and a Redis, which are started with it. */
  readonly isBacked?: boolean;
  /** Where there is log-in: one pass per member. */
  admit?(port: number, names: readonly string[]): Promise<readonly Pass[]>;
  upgrade(pass: Pass): Upgrade;
  /** Absent where a connection is ready as soon as it is upgraded. */
  greet?(frame: string, pass: Pass): Greeting;
  /** The server's own heartbeat, where it isn't a ping frame. @returns the answer or null */
  heartbeat?(frame: string): string | null;
  /** One text frame may bring several messages. */
  readonly joinsMessages?: boolean;
  /** What somebody says in the room does not come back to the connection that said it. */
  readonly sparesAuthor?: boolean;
  /** Says something to everybody in the room. */
  say(author: Pass, text: string, ref: string): string;
  /** Says something to one person; the answer carries the ref. */
  whisper?(to: Pass, text: string, ref: string): string;
  /** Where the room's messages are kept: the way to a page of them, and to all as ndjson. */
  readonly archive?: {
    page(before: number, limit: number): string;
    readonly export: string;
  };
  /** Where a client that comes back gets what it missed. */
  readonly recovery?: Recovery;
  /** Says something that comes back to its author only. */
  echo?(text: string): string;
}
