import type { Socket } from 'node:net';

/**
 * Breaks a connection off at once: with a reset, or with the end of stream that is on its way. Node
 * 20 refuses a reset in that moment and never closes the socket then, and the whole process spins
 * at its exit.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
