import type { Socket } from 'node:net';

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

/**
 * Writes to a TCP socket without the stream around it: a write that fits into the kernel's buffer
 * leaves no request, no callback and no garbage behind. This is the one place that touches Node's
 * inside; where it does not find what it knows, it writes through the stream.
 *
 * Order is kept: libuv has one queue per socket, and while the stream itself holds something back,
 * writes go through the stream.
 */
export class DirectWriter {
  private waiting: (() => void)[] | null = null;

  constructor(private readonly socket: Socket) {}

  /** Bytes that were written and that the kernel has not taken. */
  get queuedBytes(): number {
    return this.socket.writableLength + (handleOf(this.socket)?.writeQueueSize ?? 0);
  }

  /** Never throws; a dead socket swallows the bytes. */
  write(bytes: Buffer): void {
    const { socket } = this;
    if (!socket.writable) return;
    const handle = handleOf(socket);
    if (handle === null || socket.writableLength > 0 || requestClass === null) {
      if (handle !== null && requestClass === null) learnFrom(handle);
      socket.write(bytes);
      return;
    }
    const request = (spare ??= new requestClass());
    if (handle.writeBuffer(request, bytes) < 0) socket.destroy();
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

  private giveAway(request: WriteRequest, bytes: Buffer): void {
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

function handleOf(socket: Socket): TcpHandle | null {
  const { _handle: handle } = socket as unknown as { _handle?: Partial<TcpHandle> | null };
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
