import type { Socket } from '@parley/client';

let open = (url: string): Socket => new WebSocket(url);

export function openSocket(url: string): Socket {
  return open(url);
}

/** `?transport=socket.io`, for testing: everybody else never loads what it takes. */
export async function chooseTransport(): Promise<void> {
  if (new URLSearchParams(location.search).get('transport') !== 'socket.io') return;
  open = (await import('./socket-io.js')).openSocketIo;
}
