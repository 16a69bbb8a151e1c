import type { Socket } from 'node:net';

/** What Node keeps of a socket's bytes, and does not document. */
interface Handle {
  readonly bytesWritten?: unknown;
  readonly writeQueueSize?: unknown;
}

/**
 * How many bytes of all that was written to a socket the kernel has taken: what is left lies in this
 * process, because nobody reads. Where Node's own figures are not as they were, a piece that was
 * written in one call counts when all of it is gone.
 */
export function takenBy(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: Handle | null };
  const { bytesWritten, writeQueueSize } = handle ?? {};
  return typeof bytesWritten === 'number' && typeof writeQueueSize === 'number'
    ? bytesWritten - writeQueueSize
    : socket.bytesWritten - socket.writableLength;
}
