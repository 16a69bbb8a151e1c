import {
  type ClientFrame,
  type ErrorFrame,
  FrameType,
  isWelcome,
  parseFrame,
  type ServerFrame,
  type WelcomeFrame,
} from './frames.js';

/** What this client needs of a WebSocket; the browser's and `ws`'s both have it. */
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
  /** The code of the Error frame that came before. */
  readonly errorCode: string | null;
}

export interface ConnectionHandlers {
  /** The first frame. No other call comes before, but `closed`. */
  readonly welcome: (frame: WelcomeFrame) => void;
  readonly frame: (frame: ServerFrame) => void;
  /** The connection is gone, without {@link Connection.close}. Comes once. */
  readonly closed: (closing: Closing) => void;
}

/** No welcome within this time: the connection is given up. */
const WELCOME_TIMEOUT_MS = 10_000;
/** As a browser names a connection that went without a close frame. */
const LOST: Closing = { code: 1006, reason: '', errorCode: null };

/**
 * One socket, from its opening to its end.
 *
 * The service's pings are not visible to scripts, so a connection that has been silent for a
 * heartbeat is asked for a sign of life with an empty Sync, and given up when none comes.
 */
export class Connection {
  private errorCode: string | null = null;
  private welcomed = false;
  private over = false;
  private heard = false;
  private probing = false;
  private watch: ReturnType<typeof setTimeout>;

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
    if (!this.over && this.welcomed) this.socket.send(JSON.stringify(frame));
  }

  /** Ends the connection; nothing is told any more. */
  close(): void {
    this.over = true;
    clearTimeout(this.watch);
    this.socket.close(1000);
  }

  /** Asks for a sign of life, as after a machine's sleep. */
  probe(): void {
    if (this.over || !this.welcomed) return;
    this.heard = false;
    this.probing = true;
    this.send({ type: FrameType.Sync, data: {} });
  }

  private receive(text: string): void {
    this.heard = true;
    this.probing = false;
    const frame = parseFrame(text);
    if (frame === null) return;
    if (frame.type === FrameType.Error) this.errorCode = codeOf(frame);
    else if (this.welcomed) this.handlers.frame(frame);
    else if (isWelcome(frame)) this.begin(frame);
  }

  private begin(frame: WelcomeFrame): void {
    this.welcomed = true;
    this.watchFor(frame.heartbeat / 2);
    this.handlers.welcome(frame);
  }

  private watchFor(interval: number): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => {
      if (this.probing) {
        this.lose();
        return;
      }
      if (!this.heard) this.probe();
      this.heard = false;
      this.watchFor(interval);
    }, interval);
  }

  /** The closing handshake of a dead connection would take long: nobody waits for it. */
  private lose(): void {
    this.end({ ...LOST, errorCode: this.errorCode });
    this.socket.close();
  }

  private end(closing: Closing): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.watch);
    this.handlers.closed(closing);
  }
}

function codeOf(frame: ErrorFrame): string {
  return typeof frame.code === 'string' ? frame.code : 'unauthorized';
}
