import { afterAll } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { bounded } from '../support/bounded.js';
import { reset } from '../support/reset.js';
import { type ServedFrame, ServedFrames } from './served-frames.js';

/** The answer to a request, without its body. */
export interface HttpHead {
  readonly status: number;
  /** By lower-case name; a header that came twice has two values. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

const HEAD_END = '\r\n\r\n';
const open = new Set<Socket>();

afterAll(() => {
  for (const socket of open) socket.destroy();
});

/** A TCP connection to the service on which every byte is written by hand. */
export class Wire {
  private readonly socket: Socket;
  private readonly served = new ServedFrames();
  private unread = Buffer.alloc(0);
  private frames: ServedFrame[] = [];
  private fault: Error | null = null;
  private wake: (() => void) | null = null;
  private upgraded = false;
  /** How the service ended the connection: with a FIN, or with a reset. */
  private ending: 'ended' | 'reset' | null = null;

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    open.add(this.socket);
    this.socket.on('data', (chunk: Buffer) => this.take(chunk));
    this.socket.on('end', () => this.note('ended'));
    // A reset comes as an error and a close; where the end was seen before, it does not matter.
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      open.delete(this.socket);
      this.note('reset');
    });
  }

  write(bytes: Buffer | string): void {
    if (this.socket.writable) this.socket.write(bytes);
  }

  /** Each in a segment of its own, as far as the network plays along. */
  async writeApart(segments: readonly Buffer[]): Promise<void> {
    for (const segment of segments) {
      this.write(segment);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Says that nothing more comes (FIN), and reads on. */
  end(): void {
    this.socket.end();
  }

  /** Ends the connection in both directions, with a reset. */
  reset(): void {
    reset(this.socket);
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Stops reading, so that the service's answers pile up. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Bytes that were written here and that the service has not taken. */
  get pending(): number {
    return this.socket.writableLength;
  }

  /** Waits until the service, or the network, has taken all, or until the connection is gone. */
  async flushed(): Promise<void> {
    if (this.pending === 0) return;
    const taken = new Promise<void>((resolve) => {
      this.socket.once('drain', resolve);
      this.socket.once('close', resolve);
    });
    await bounded(taken, 'the service to read', () => `${this.pending} bytes wait`);
  }

  async head(): Promise<HttpHead> {
    await this.until(() => this.unread.includes(HEAD_END), 'the head of an answer');
    const at = this.unread.indexOf(HEAD_END);
    const [first = '', ...lines] = this.unread.toString('latin1', 0, at).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
    const headers = new Map<string, readonly string[]>();
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^:\s]+): *(.*)$/.exec(line) ?? [];
      headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value]);
    }
    this.unread = this.unread.subarray(at + HEAD_END.length);
    if (status === 101) this.upgrade();
    return { status, headers };
  }

  async body(length: number): Promise<string> {
    await this.until(() => this.unread.length >= length, 'the body of an answer');
    const body = this.unread.toString('utf8', 0, length);
    this.unread = this.unread.subarray(length);
    return body;
  }

  /** All that comes until the service ends the connection. */
  async rest(): Promise<string> {
    await this.ended();
    return this.unread.toString();
  }

  /** The next frame; null where the connection ended before. */
  async frame(): Promise<ServedFrame | null> {
    await this.until(() => this.frames.length > 0 || this.ending !== null, 'a frame');
    return this.frames.shift() ?? null;
  }

  async ended(milliseconds?: number): Promise<'ended' | 'reset'> {
    await this.until(() => this.ending !== null, 'the end of the connection', milliseconds);
    return this.ending ?? 'reset';
  }

  /** Neither side can say anything any more. */
  get isGone(): boolean {
    return this.socket.closed;
  }

  async gone(): Promise<void> {
    const end = new Promise<void>((resolve) => {
      if (this.isGone) resolve();
      else this.socket.once('close', () => resolve());
    });
    await bounded(end, 'the connection to be gone', () => this.seen());
  }

  private take(chunk: Buffer): void {
    if (this.upgraded) this.decode(chunk);
    else this.unread = Buffer.concat([this.unread, chunk]);
    this.wake?.();
  }

  private upgrade(): void {
    this.upgraded = true;
    this.decode(this.unread);
    this.unread = Buffer.alloc(0);
  }

  private decode(chunk: Buffer): void {
    try {
      this.frames.push(...this.served.push(chunk));
    } catch (error) {
      this.fault = error as Error;
    }
  }

  private note(ending: 'ended' | 'reset'): void {
    this.ending ??= ending;
    this.wake?.();
  }

  private async until(isSo: () => boolean, what: string, milliseconds?: number): Promise<void> {
    const come = new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (this.fault) reject(this.fault);
        else if (isSo()) resolve();
        else if (this.ending !== null) reject(new Error(`the connection ended before ${what}`));
        else return;
        this.wake = null;
      };
      this.wake = look;
      look();
    });
    await bounded(come, what, () => this.seen(), milliseconds);
  }

  private seen(): string {
    return `${this.ending ?? 'still open'}, ${JSON.stringify(this.unread.toString('latin1'))}`;
  }
}
