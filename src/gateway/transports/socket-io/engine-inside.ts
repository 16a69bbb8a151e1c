import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import type { Server, Socket } from 'socket.io';
import type { WebSocket, WebSocketServer } from 'ws';

/** A client's Engine.IO session, over long polling, a WebSocket, or first one and then the other. */
export type EngineConnection = Socket['conn'];

/** What Engine.IO keeps of a session besides. */
interface Inside {
  readonly upgrading: boolean;
  readonly upgraded: boolean;
  readonly writeBuffer: readonly unknown[];
  readonly transport: {
    readonly name: string;
    readonly writable: boolean;
    readonly socket?: WebSocket;
    on(event: 'ready', listener: () => void): void;
  };
  pingIntervalTimer: NodeJS.Timeout | null;
  sendPacket(type: 'ping'): void;
  request: IncomingMessage | null;
}

/** The server's side of Engine.IO. */
export interface Engine {
  readonly clients: Readonly<Record<string, EngineConnection>>;
  readonly ws: WebSocketServer;
  on(event: 'connection', listener: (connection: EngineConnection) => void): void;
  handleRequest(request: IncomingMessage, response: ServerResponse): void;
  handleUpgrade(request: IncomingMessage, socket: TcpSocket, head: Buffer): void;
}

/*
 * The one place that touches what `socket.io` and `engine.io` do not offer. It is tried at every start
 * (engine-proof.ts); where something is another thing, Socket.IO is not offered.
 */

export function engineOf(server: Server): Engine {
  return server.engine as unknown as Engine;
}

/** The session of that id, where there is one. */
export function sessionOf(engine: Engine, id: string): EngineConnection | null {
  return Object.hasOwn(engine.clients, id) ? (engine.clients[id] ?? null) : null;
}

/** Null while the session is over long polling. */
export function webSocketOf(connection: EngineConnection): WebSocket | null {
  const { transport } = inside(connection);
  return transport.name === 'websocket' ? (transport.socket ?? null) : null;
}

export function tcpSocketOf(socket: WebSocket): TcpSocket {
  return (socket as unknown as { readonly _socket: TcpSocket })._socket;
}

/** Whether a WebSocket may take the session over. */
export function canUpgrade(connection: EngineConnection): boolean {
  const { upgrading, upgraded, transport } = inside(connection);
  return !upgrading && !upgraded && transport.name === 'polling';
}

/** Whether Engine.IO has packets that it could not hand on yet. */
export function isHoldingBack(connection: EngineConnection): boolean {
  return inside(connection).writeBuffer.length > 0;
}

/**
 * Calls when the client of long polling has a request waiting and nothing is left to answer it
 * with: at once, or with one of its next requests.
 */
export function whenPolled(connection: EngineConnection, call: () => void): void {
  const { transport } = inside(connection);
  const isFree = (): boolean => transport.writable && !isHoldingBack(connection);
  if (isFree()) call();
  else
    transport.on('ready', () => {
      if (isFree()) call();
    });
}

/** Engine.IO's own pings judge a client by its silence also after the service itself was asleep. */
export function stopPings(connection: EngineConnection): void {
  const session = inside(connection);
  if (session.pingIntervalTimer !== null) clearTimeout(session.pingIntervalTimer);
  session.pingIntervalTimer = null;
}

/** Whether there is something to stop. */
export function hasPings(connection: EngineConnection): boolean {
  const { pingIntervalTimer: timer } = inside(connection);
  return typeof timer === 'object' && timer !== null;
}

export function ping(connection: EngineConnection): void {
  inside(connection).sendPacket('ping');
}

/** What is left of a handshake, for whoever looks for something in it. */
const NO_HANDSHAKE = Object.freeze({ headers: {}, query: {}, auth: {} });

/** The handshake's request, its headers and its token are not needed for as long as it lives. */
export function forgetHandshake(socket: Socket): void {
  Object.assign(socket, { handshake: NO_HANDSHAKE });
  inside(socket.conn).request = null;
}

/** What the client is told to bring back, for it to count as the same one. */
export function setRecoveryId(socket: Socket, id: string): void {
  Object.assign(socket, { pid: id });
}

function inside(connection: EngineConnection): Inside {
  return connection as unknown as Inside;
}
