import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request, and the response object that Node made for it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A TCP connection while it speaks HTTP: what is being answered on it, and what waits behind. */
export class HttpConnection {
  private answering: ServerResponse | null = null;
  private readonly waiting: Exchange[] = [];
  /** Requests beyond the limit: read by Node's parser, and never handled. */
  private surplus = 0;
  private ending: (() => void) | null = null;
  private unlisten: () => void = () => undefined;

  /** @param address the peer's, as limits count it; null where it is a trusted proxy */
  constructor(
    readonly socket: Socket,
    readonly address: string | null,
  ) {}

  /** The answer under way; null between two requests. */
  get current(): ServerResponse | null {
    return this.answering;
  }

  /** Requests that wait to be handled. */
  get queued(): number {
    return this.waiting.length;
  }

  /** Runs after the last answer, where no request can follow it: an upgrade, a refusal. */
  get last(): (() => void) | null {
    return this.ending;
  }

  get isFree(): boolean {
    return this.answering === null && this.waiting.length === 0 && this.ending === null;
  }

  /** Whether an answer can still be sent. A socket that was ended takes no more. */
  get isWritable(): boolean {
    const { destroyed, errored, writableEnded } = this.socket;
    return !destroyed && !writableEnded && errored === null;
  }

  /** Hears when the socket closes, and whenever Node resumes it. */
  listen(onClose: () => void, onResume: () => void): void {
    const { socket } = this;
    socket.once('close', onClose);
    socket.on('resume', onResume);
    this.unlisten = () => {
      socket.off('close', onClose);
      socket.off('resume', onResume);
    };
  }

  /** The socket is another's from here on: nothing is heard of it any more. */
  detach(): void {
    this.unlisten();
  }

  begin(response: ServerResponse): void {
    this.answering = response;
  }

  finish(): void {
    this.answering = null;
  }

  wait(exchange: Exchange): void {
    this.waiting.push(exchange);
  }

  /** Counts a request that is never handled. */
  passOver(): void {
    this.surplus += 1;
  }

  /** The request that has waited longest; it no longer waits. */
  takeNext(): Exchange | undefined {
    return this.waiting.shift();
  }

  /** @param call runs after the last answer */
  endWith(call: () => void): void {
    this.ending = call;
  }

  /** Drops the first waiting request whose body is not complete, and those behind it. @returns how many */
  dropIncomplete(): number {
    const first = this.waiting.findIndex(({ request }) => !request.complete);
    return first < 0 ? 0 : this.waiting.splice(first).length;
  }

  /** Drops all that were read and not handled. @returns how many */
  dropAll(): number {
    const count = this.waiting.splice(0).length + this.surplus;
    this.surplus = 0;
    return count;
  }
}
