import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request, and the response object that Node made for it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A TCP connection while it speaks HTTP: what is being answered on it, and what waits behind. */
export class HttpConnection {
  /** The answer under way; null between two requests. */
  current: ServerResponse | null = null;
  readonly waiting: Exchange[] = [];
  /** Requests beyond the limit: read by Node's parser, and never handled. */
  surplus = 0;
  /** Runs after the last answer, where no request can follow it: an upgrade, a refusal. */
  last: (() => void) | null = null;
  /** Removes the listeners of the socket. */
  detach: () => void = () => undefined;

  /** @param address the peer's, as limits count it; null where it is a trusted proxy */
  constructor(
    readonly socket: Socket,
    readonly address: string | null,
  ) {}

  get isFree(): boolean {
    return this.current === null && this.waiting.length === 0 && this.last === null;
  }

  /** Whether an answer can still be sent. A socket that was ended takes no more. */
  get isWritable(): boolean {
    const { destroyed, errored, writableEnded } = this.socket;
    return !destroyed && !writableEnded && errored === null;
  }
}
