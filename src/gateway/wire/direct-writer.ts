import type { Socket } from 'node:net';
import { BurstLimiter } from '../../kernel/limits/burst-limiter.js';
import { SystemScheduler } from '../../kernel/scheduler.js';
import {
  type DirectWrites,
  rawHandle,
  type SocketHandle,
  type WriteRequest,
} from './socket-handle.js';

/** How all writers of this process write; null: through the stream. */
let proven: DirectWrites | null = null;

/** @param direct null where this Node failed the proof (direct-writer-proof.ts) */
export function writeBy(direct: DirectWrites | null): void {
  proven = direct;
}

/** One flush to all notices thousands of dead sockets at once. */
const burials = new BurstLimiter(new SystemScheduler());

/**
 * Writes to a TCP socket beneath its stream: a write that fits into the kernel's buffer allocates
 * no request and no callback. Where this Node failed the proof, or the socket is no plain TCP
 * socket, it writes through the stream.
 *
 * Order is kept: libuv has one queue per socket, and while the stream itself buffers something,
 * writes go through the stream.
 */
export class DirectWriter {
  private readonly handle: SocketHandle | null;
  /** False: nothing is queued. True: something was at the last look. */
  private backlogged = false;
  /** A write has failed: the socket is about to be destroyed. */
  private isDead = false;
  private waiting: (() => void)[] | null = null;

  constructor(
    private readonly socket: Socket,
    private readonly direct: DirectWrites | null = proven,
  ) {
    this.handle = handleOf(socket, direct);
  }

  /** Bytes written that the kernel has not taken. */
  get queuedBytes(): number {
    if (!this.backlogged) return 0;
    const { handle, socket } = this;
    const inKernelQueue =
      handle !== null && rawHandle(socket) === handle ? handle.writeQueueSize : 0;
    const queued = socket.writableLength + inKernelQueue;
    this.backlogged = queued > 0;
    return queued;
  }

  /** Never throws; a dead socket swallows the bytes. */
  write(bytes: Buffer): void {
    const { socket, handle, direct } = this;
    if (handle === null || direct === null || socket.writableLength > 0) {
      this.writeToStream(bytes);
      return;
    }
    if (this.isDead || rawHandle(socket) !== handle) return;
    const outcome = direct.write(handle, bytes);
    if (outcome === 0) return;
    if (typeof outcome === 'number') this.bury();
    else this.follow(outcome, bytes);
  }

  /** Resolves when the kernel has taken everything written, or the socket is gone. */
  drained(): Promise<void> {
    if (this.queuedBytes === 0 || !this.socket.writable) return Promise.resolve();
    return new Promise((resolve) => {
      this.socket.once('close', resolve);
      (this.waiting ??= []).push(() => {
        this.socket.off('close', resolve);
        resolve();
      });
      // Completes after all direct writes, where none of them reports its completion.
      this.socket.write('', () => {
        this.tell();
      });
    });
  }

  private writeToStream(bytes: Buffer): void {
    if (!this.socket.writable) return;
    if (!this.socket.write(bytes) || this.socket.writableLength > 0) this.backlogged = true;
  }

  /** Later, so that a flush to thousands is not slowed by closing dead sockets. */
  private bury(): void {
    if (this.isDead) return;
    this.isDead = true;
    burials.enter(() => this.socket.destroy());
  }

  /** The kernel takes the rest when it can. */
  private follow(request: WriteRequest, bytes: Buffer): void {
    this.backlogged = true;
    request.buffer = bytes;
    request.oncomplete = (status) => {
      request.buffer = undefined;
      if (status < 0) this.bury();
      else if (this.waiting !== null && this.queuedBytes === 0) this.tell();
    };
    if (typeof request.writeStatus === 'number') request.oncomplete(request.writeStatus);
  }

  private tell(): void {
    const waiting = this.waiting;
    this.waiting = null;
    for (const resolve of waiting ?? []) resolve();
  }
}

/** Null where the socket is gone, or of a kind for which nothing was proved. */
function handleOf(socket: Socket, direct: DirectWrites | null): SocketHandle | null {
  const handle = rawHandle(socket);
  if (direct === null || typeof handle !== 'object' || handle === null) return null;
  return Object.getPrototypeOf(handle) === direct.handles ? (handle as SocketHandle) : null;
}
