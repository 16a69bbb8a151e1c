import { type ClientFrame, type ErrorFrame, FrameType, type WelcomeFrame } from '@parley/protocol';
import { isWelcome, readFrame, type ReadFrame } from './read-frame.js';

/** The part of a WebSocket that this client needs; the browser's and `ws`'s both have it. */
export interface Socket {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(
    type: 'close',
    listener: (event: { code: number; reason: string }) => void,
  ): void;
  addEventListener(type: 'error', listener: () => void): void;
}

export interface Closing {
  readonly code: number;
  readonly reason: string;
  /** The code of the preceding Error frame. */
  readonly errorCode: string | null;
}

export interface ConnectionHandlers {
  /** The first frame. No other call precedes it, but `closed`. */
  readonly welcome: (frame: WelcomeFrame) => void;
  readonly frame: (frame: ReadFrame) => void;
  /** Whether an answer is overdue. Called at each change; the first frame ends it. */
  readonly overdue: (isOverdue: boolean) => void;
  /** The connection is gone, other than by {@link Connection.close}. Called once. */
  readonly closed: (closing: Closing) => void;
}

/** Without a welcome within this time the connection is given up. */
const WELCOME_TIMEOUT_MS = 10_000;
/**
 * Silence after something was sent, before it is reported as overdue. The connection is kept: if
 * everybody reconnected, a busy service would get busier.
 */
const ANSWER_MS = 4_000;
/** A browser's code for a connection that ended without a close frame. */
const LOST: Closing = { code: 1006, reason: '', errorCode: null };

/**
 * One socket, from its opening to its end.
 *
 * The service's pings are not visible to scripts. So a connection that has been silent for half a
 * heartbeat is asked for a sign of life with an empty Sync, and given up when none comes in as
 * long. Whatever is sent is answered, but for Typing, so that silence after it is told early.
 */
export class Connection {
  private errorCode: string | null = null;
  private welcomed = false;
  private over = false;
  private isOverdue = false;
  /** Milliseconds of silence allowed, once before the probe and once after it. */
  private patience = WELCOME_TIMEOUT_MS;
  private watch: ReturnType<typeof setTimeout>;
  private answer: ReturnType<typeof setTimeout> | null = null;
  /** When the last frame came: one timer checks it, since a timer per frame would cost more. */
  private heardAt = 0;
  private probedAt: number | null = null;

  constructor(
    private readonly socket: Socket,
    private readonly handlers: ConnectionHandlers,
  ) {
    this.watch = setTimeout(() => {
      this.lose();
    }, WELCOME_TIMEOUT_MS);
    socket.addEventListener('message', (event) => {
      if (!this.over && typeof event.data === 'string') this.receive(event.data);
    });
    socket.addEventListener('close', (event) => {
      this.end({ code: event.code, reason: event.reason, errorCode: this.errorCode });
    });
    // A close event follows every error; without a listener `ws` would throw it.
    socket.addEventListener('error', () => undefined);
  }

  send(frame: ClientFrame): void {
    if (this.over || !this.welcomed) return;
    this.socket.send(JSON.stringify(frame));
    if (frame.type === FrameType.Typing) return;
    this.answer ??= setTimeout(() => {
      this.tellOverdue(true);
    }, ANSWER_MS);
  }

  /** Ends the connection; no handler is called any more. */
  close(): void {
    this.finish();
    this.socket.close(1000);
  }

  /** Probes the connection, as after a machine's sleep. */
  probe(): void {
    // Probed again and again, it would never be given up.
    if (this.over || !this.welcomed || this.probedAt !== null) return;
    this.probedAt = performance.now();
    this.send({ type: FrameType.Sync, data: {} });
    this.watchFor(this.patience);
  }

  private receive(text: string): void {
    this.heardAt = performance.now();
    this.probedAt = null;
    if (this.answer !== null) clearTimeout(this.answer);
    this.answer = null;
    this.tellOverdue(false);
    const frame = readFrame(text);
    if (frame === null) return;
    if (frame.type === FrameType.Error) this.errorCode = codeOf(frame);
    else if (this.welcomed) this.handlers.frame(frame);
    else if (isWelcome(frame)) this.begin(frame);
  }

  private begin(frame: WelcomeFrame): void {
    this.welcomed = true;
    this.patience = frame.heartbeat / 2;
    this.watchFor(this.patience);
    this.handlers.welcome(frame);
  }

  private watchFor(time: number): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      this.judge();
    }, time);
  }

  private judge(): void {
    const silence = performance.now() - this.heardAt;
    if (this.probedAt !== null) this.lose();
    else if (silence >= this.patience) this.probe();
    else this.watchFor(this.patience - silence);
  }

  private tellOverdue(isOverdue: boolean): void {
    if (this.over || this.isOverdue === isOverdue) return;
    this.isOverdue = isOverdue;
    this.handlers.overdue(isOverdue);
  }

  /** Does not wait for the closing handshake, which takes long on a dead connection. */
  private lose(): void {
    this.end({ ...LOST, errorCode: this.errorCode });
    this.socket.close();
  }

  private end(closing: Closing): void {
    if (this.over) return;
    this.finish();
    this.handlers.closed(closing);
  }

  private finish(): void {
    this.over = true;
    clearTimeout(this.watch);
    if (this.answer !== null) clearTimeout(this.answer);
  }
}

function codeOf(frame: ErrorFrame): string {
  return typeof frame.code === 'string' ? frame.code : 'unauthorized';
}
