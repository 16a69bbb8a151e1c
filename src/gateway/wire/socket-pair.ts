import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Both ends of one TCP connection over loopback; neither is read from yet. */
export interface SocketPair {
  readonly near: Socket;
  readonly far: Socket;
}

/** @throws where this machine has no loopback, or somebody else connected first */
export async function openPair(): Promise<SocketPair> {
  const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1', 1);
  const sockets: Socket[] = [];
  try {
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    await once(server, 'listening');
    const far = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sockets.push(far);
    const [[near]] = await Promise.all([accepted, once(far, 'connect')]);
    sockets.push(near);
    if (near.remotePort !== far.localPort) throw new Error('somebody else connected');
    return { near, far };
  } catch (error) {
    for (const socket of sockets) socket.destroy();
    throw error;
  } finally {
    server.close();
  }
}
