import {
  actionAfterClose,
  type ClientFrame,
  delayAfterClose,
  type WelcomeFrame,
} from '@parley/protocol';
import type { ReadFrame } from './read-frame.js';
import { Backoff, type BackoffOptions } from './backoff.js';
import { type Closing, Connection, type Socket } from './connection.js';
import { type RestClient, RestError } from './rest.js';
import { SessionOver, type TokenSession } from './token-session.js';

export type ConnectionState =
  /** Not wanted; `code` is the close code with which the service forbade it, if it did. */
  | { readonly name: 'offline'; readonly code: number | null }
  | { readonly name: 'connecting' }
  | { readonly name: 'online'; readonly welcome: WelcomeFrame }
  /** The next attempt is at `until` (ms since the epoch). */
  | { readonly name: 'waiting'; readonly until: number }
  /** The person has to log in again; `reason` is a stable code. */
  | { readonly name: 'ended'; readonly reason: string };

export interface ReconnectorOptions {
  readonly rest: RestClient;
  readonly session: TokenSession;
  readonly openSocket: (url: string) => Socket;
  readonly backoff?: BackoffOptions | undefined;
  /** Called at each change; with `online` before any frame of the new connection. */
  readonly changed: (state: ConnectionState) => void;
  /** Every frame but the welcome. */
  readonly frame: (frame: ReadFrame) => void;
  /** See {@link ConnectionHandlers.overdue}. */
  readonly overdue: (isOverdue: boolean) => void;
  /** The connection, or the attempt to open one, was given up. */
  readonly dropped: () => void;
}

/**
 * One connection to the service, and the next one when it is lost: after a back-off, or as the
 * close code asks; until {@link disconnect} or the end of the session.
 */
export class Reconnector {
  private readonly backoff: Backoff;
  private current: ConnectionState = { name: 'offline', code: null };
  private connection: Connection | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Counts attempts, so that one that was given up ignores a late answer. */
  private attempt = 0;
  /** A connection was refused because of its token, without a welcome since. */
  private refused = false;
  private wasOnline = false;

  constructor(private readonly options: ReconnectorOptions) {
    this.backoff = new Backoff(options.backoff);
  }

  get state(): ConnectionState {
    return this.current;
  }

  /** Whether there is a socket, welcomed or not. */
  get isOpen(): boolean {
    return this.connection !== null;
  }

  /** Sends a frame over the connection; does nothing without a welcomed one. */
  send(frame: ClientFrame): void {
    this.connection?.send(frame);
  }

  /** Goes online and stays so. Idempotent. */
  connect(): void {
    if (this.current.name === 'connecting' || this.current.name === 'online') return;
    this.backoff.reset();
    this.refused = false;
    void this.open();
  }

  /** Goes offline until {@link connect}. */
  disconnect(): void {
    this.drop();
    this.become({ name: 'offline', code: null });
  }

  /** Retries at once, and trusts no old socket. */
  nudge(): void {
    if (this.current.name === 'waiting') void this.open();
    else this.connection?.probe();
  }

  /** Gives up an open connection at once, and reconnects. */
  interrupt(): void {
    if (this.current.name !== 'online' && this.current.name !== 'connecting') return;
    this.drop();
    this.retry(0);
  }

  /** The session is over. */
  end(reason: string): void {
    if (this.current.name === 'ended') return;
    this.drop();
    this.options.session.stop();
    this.become({ name: 'ended', reason });
  }

  private async open(): Promise<void> {
    this.drop();
    const attempt = this.attempt;
    this.become({ name: 'connecting' });
    try {
      const url = await this.socketUrl();
      if (attempt === this.attempt) this.listen(this.options.openSocket(url));
    } catch (error) {
      if (attempt !== this.attempt) return;
      if (error instanceof SessionOver) this.end(error.code);
      else this.retry(error instanceof RestError ? error.retryAfter : 0);
    }
  }

  private async socketUrl(): Promise<string> {
    const { rest, session } = this.options;
    const { ticket } = await session.authorized((token) => rest.ticket(token));
    const query = new URLSearchParams({ ticket });
    // The Sync that follows asks for everything: the service need not send it before.
    if (this.wasOnline) query.set('resume', '1');
    return `${rest.base.replace(/^http/, 'ws')}/chat?${query.toString()}`;
  }

  private listen(socket: Socket): void {
    this.connection = new Connection(socket, {
      welcome: (frame) => {
        this.welcome(frame);
      },
      frame: this.options.frame,
      overdue: this.options.overdue,
      closed: (closing) => {
        this.closed(closing);
      },
    });
  }

  private welcome(frame: WelcomeFrame): void {
    this.backoff.reset();
    this.refused = false;
    this.wasOnline = true;
    this.become({ name: 'online', welcome: frame });
  }

  private closed(closing: Closing): void {
    this.drop();
    const action = actionAfterClose(closing.code, closing.errorCode);
    if (action === 'log-in' || (action === 'renew' && this.refused)) {
      this.end(closing.errorCode ?? 'session-revoked');
    } else if (action === 'stay-away') {
      this.become({ name: 'offline', code: closing.code });
    } else if (action === 'renew') {
      this.refused = true;
      void this.renewAndOpen();
    } else {
      this.retry(delayAfterClose(closing.code, closing.reason));
    }
  }

  private async renewAndOpen(): Promise<void> {
    const attempt = this.attempt;
    this.become({ name: 'connecting' });
    try {
      await this.options.session.refresh();
      if (attempt === this.attempt) await this.open();
    } catch (error) {
      if (attempt !== this.attempt) return;
      if (error instanceof SessionOver) this.end(error.code);
      else this.retry(0);
    }
  }

  private retry(suggested: number): void {
    const delay = this.backoff.next(suggested);
    this.timer = setTimeout(() => void this.open(), delay);
    this.become({ name: 'waiting', until: Date.now() + delay });
  }

  private drop(): void {
    this.attempt += 1;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.connection?.close();
    this.connection = null;
    this.options.dropped();
  }

  private become(state: ConnectionState): void {
    this.current = state;
    this.options.changed(state);
  }
}
