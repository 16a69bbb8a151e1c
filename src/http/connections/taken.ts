import type { Socket } from 'node:net';

/** Node's undocumented counters of a socket's bytes. */
interface Handle {
  readonly bytesWritten?: unknown;
  readonly writeQueueSize?: unknown;
}

/**
 * How many of the bytes written to a socket the kernel has taken: the rest waits in this process
 * for a slow reader. Where Node's internals have changed, a piece written in one call counts once
 * all of it is gone.
 */
export function takenBy(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: Handle | null };
  const { bytesWritten, writeQueueSize } = handle ?? {};
  return typeof bytesWritten === 'number' && typeof writeQueueSize === 'number'
    ? bytesWritten - writeQueueSize
    : socket.bytesWritten - socket.writableLength;
}
