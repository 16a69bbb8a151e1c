import type { Socket } from 'node:net';
import { Turnstile } from '../../../kernel/turnstile.js';

/** libuv's side of a socket, as node:net holds it. */
interface TcpHandle {
  /** @returns 0, or a negative errno */
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
  /** Bytes that the kernel has not taken. */
  readonly writeQueueSize: number;
}

/** What libuv needs of a write that did not fit into the kernel's buffer at once. */
interface WriteRequest {
  oncomplete: (() => void) | undefined;
  /** Keeps the bytes from being collected until they are written. */
  buffer: Uint8Array | undefined;
}

type WriteRequestClass = new () => WriteRequest;

/** Learnt from the first write that node:net itself makes. */
let requestClass: WriteRequestClass | null = null;
/** Untouched by a write that fits, so one serves all sockets; given away by one that does not. */
let spare: WriteRequest | null = null;

/** A cut of thousands is noticed by one flush to all of them. */
const burials = new Turnstile();

/**
 * Writes to a TCP socket without the stream around it: a write that fits into the kernel's buffer
 * leaves no request, no callback and no garbage behind. This is the one place that touches Node's
 * inside; where it does not find what it knows, it writes through the stream.
 *
 * Order is kept: libuv has one queue per socket, and while the stream itself holds something back,
 * writes go through the stream.
 */
export class DirectWriter {
  private readonly handle: TcpHandle | null;
  /** False: nothing waits. True: something did when it was last looked at. */
  private backlogged = false;
  /** A write has failed: the socket is about to be destroyed. */
  private isDead = false;
  private waiting: (() => void)[] | null = null;

  constructor(private readonly socket: Socket) {
    this.handle = tcpHandle(socket);
    if (this.handle !== null && requestClass === null) learnFrom(this.handle);
  }

  /** Bytes that were written and that the kernel has not taken. */
  get queuedBytes(): number {
    if (!this.backlogged) return 0;
    const queued = this.socket.writableLength + (tcpHandle(this.socket)?.writeQueueSize ?? 0);
    this.backlogged = queued > 0;
    return queued;
  }

  /** Never throws; a dead socket swallows the bytes. */
  write(bytes: Buffer): void {
    const { socket, handle } = this;
    if (handle === null || requestClass === null || socket.writableLength > 0) {
      this.writeToStream(bytes);
      return;
    }
    if (this.isDead || rawHandle(socket) !== handle) return;
    const request = (spare ??= new requestClass());
    if (handle.writeBuffer(request, bytes) < 0) this.bury();
    else if (handle.writeQueueSize > 0) this.giveAway(request, bytes);
  }

  /** Resolves when the kernel has taken what was written, or the socket is gone. */
  drained(): Promise<void> {
    if (this.queuedBytes === 0 || !this.socket.writable) return Promise.resolve();
    return new Promise((resolve) => {
      this.socket.once('close', resolve);
      (this.waiting ??= []).push(() => {
        this.socket.off('close', resolve);
        resolve();
      });
      // Completes behind all direct writes, where none of them is left to tell.
      this.socket.write('', () => {
        this.tell();
      });
    });
  }

  private writeToStream(bytes: Buffer): void {
    if (!this.socket.writable) return;
    if (!this.socket.write(bytes) || this.socket.writableLength > 0) this.backlogged = true;
  }

  /** Not within the write: whoever writes to thousands would be kept by the dead. */
  private bury(): void {
    this.isDead = true;
    burials.enter(() => this.socket.destroy());
  }

  private giveAway(request: WriteRequest, bytes: Buffer): void {
    this.backlogged = true;
    spare = null;
    request.buffer = bytes;
    request.oncomplete = () => {
      request.buffer = undefined;
      if (this.waiting !== null && this.queuedBytes === 0) this.tell();
    };
  }

  private tell(): void {
    const waiting = this.waiting;
    this.waiting = null;
    for (const resolve of waiting ?? []) resolve();
  }
}

function rawHandle(socket: Socket): unknown {
  return (socket as unknown as { _handle?: unknown })._handle;
}

/** Null where the socket is gone, or is not what this file knows. */
function tcpHandle(socket: Socket): TcpHandle | null {
  const handle = rawHandle(socket) as Partial<TcpHandle> | null | undefined;
  if (typeof handle?.writeBuffer !== 'function') return null;
  return typeof handle.writeQueueSize === 'number' ? (handle as TcpHandle) : null;
}

function learnFrom(handle: TcpHandle): void {
  const holder = handle as { writeBuffer?: TcpHandle['writeBuffer'] };
  const original = handle.writeBuffer.bind(handle);
  holder.writeBuffer = (request, bytes) => {
    delete holder.writeBuffer;
    requestClass = request.constructor as WriteRequestClass;
    return original(request, bytes);
  };
}
