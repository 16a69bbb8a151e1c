import type { Socket } from 'node:net';

/**
 * Breaks a connection off at once: with a reset, or with the end of stream that is already under
 * way. Node 20 refuses a reset at that moment, never closes the socket then, and spins at exit.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
