import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import type { Server, Socket } from 'socket.io';
import type { WebSocket, WebSocketServer } from 'ws';

/** A client's Engine.IO session, over long polling, a WebSocket, or first one and then the other. */
export type EngineConnection = Socket['conn'];

/** Internals of an Engine.IO session. */
interface Inside {
  readonly upgrading: boolean;
  readonly upgraded: boolean;
  readonly writeBuffer: readonly unknown[];
  readonly transport: {
    readonly name: string;
    readonly writable: boolean;
    readonly socket?: WebSocket;
    on(event: 'ready', listener: () => void): void;
    prependListener(event: 'ready', listener: () => void): void;
  };
  pingIntervalTimer: NodeJS.Timeout | null;
  sendPacket(type: 'ping' | 'message', data: string): void;
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
 * The one place that touches internals of `socket.io` and `engine.io`. engine-proof.ts tests them
 * at every start; where they differ, Socket.IO is not offered.
 */

export function engineOf(server: Server): Engine {
  return server.engine as unknown as Engine;
}

/** The session with that id, where there is one. */
export function sessionOf(engine: Engine, id: string): EngineConnection | null {
  return Object.hasOwn(engine.clients, id) ? (engine.clients[id] ?? null) : null;
}

/** Sets the query that Engine.IO goes by, so that it parses none itself. */
export function setQuery(
  request: IncomingMessage,
  parameters: Readonly<Record<string, string>>,
): void {
  Object.assign(request, { _query: parameters });
}

/** Null while the session uses long polling. */
export function webSocketOf(connection: EngineConnection): WebSocket | null {
  const { transport } = inside(connection);
  return transport.name === 'websocket' ? (transport.socket ?? null) : null;
}

export function tcpSocketOf(socket: WebSocket): TcpSocket {
  return (socket as unknown as { readonly _socket: TcpSocket })._socket;
}

/** Whether a WebSocket may take over the session. */
export function canUpgrade(connection: EngineConnection): boolean {
  const { upgrading, upgraded, transport } = inside(connection);
  return !upgrading && !upgraded && transport.name === 'polling';
}

/** Whether Engine.IO still buffers packets. */
export function isHoldingBack(connection: EngineConnection): boolean {
  return inside(connection).writeBuffer.length > 0;
}

/** Whether a request of long polling waits for its answer. */
export function isPolled(connection: EngineConnection): boolean {
  return inside(connection).transport.writable;
}

/** Calls back on each poll, before Engine.IO answers it with what it buffers. */
export function onPoll(connection: EngineConnection, call: () => void): void {
  inside(connection).transport.prependListener('ready', call);
}

/**
 * Answers the waiting poll. Given packets one by one, Engine.IO would spend an answer on each.
 * @param payload packets, pings and messages, joined as in long polling: not empty
 */
export function sendPayload(connection: EngineConnection, payload: string): void {
  // An encoded packet is its type and data: the first one, with the others appended.
  inside(connection).sendPacket(payload.startsWith('2') ? 'ping' : 'message', payload.slice(1));
}

/** Engine.IO would wait half a minute for a poll to say goodbye on. */
export function boundGoodbye(connection: EngineConnection, ms: number): void {
  Object.assign(inside(connection).transport, { closeTimeout: ms });
}

/**
 * Calls back when a poll of the client waits and nothing is left to answer it with: at once, or on
 * a later poll.
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

/**
 * Engine.IO's own pings would also blame clients for silence while the service itself was
 * suspended.
 */
export function stopPings(connection: EngineConnection): void {
  const session = inside(connection);
  if (session.pingIntervalTimer !== null) clearTimeout(session.pingIntervalTimer);
  session.pingIntervalTimer = null;
}

/** Whether there are pings to stop. */
export function hasPings(connection: EngineConnection): boolean {
  const { pingIntervalTimer: timer } = inside(connection);
  return typeof timer === 'object' && timer !== null;
}

/** An empty handshake, for code that still reads from it. */
const NO_HANDSHAKE = Object.freeze({ headers: {}, query: {}, auth: {} });

/** Frees the handshake's request, headers and token, which are not needed any more. */
export function forgetHandshake(socket: Socket): void {
  Object.assign(socket, { handshake: NO_HANDSHAKE });
  inside(socket.conn).request = null;
}

/** Sets the id that the client sees. Only while it connects: the server keys it by this id. */
export function setSocketId(socket: Socket, id: string): void {
  const { _preConnectSockets: connecting } = socket.nsp as unknown as {
    readonly _preConnectSockets: Map<string, Socket>;
  };
  connecting.delete(socket.id);
  Object.assign(socket, { id });
  connecting.set(id, socket);
}

/** Sets the id that the client brings back for recovery. */
export function setRecoveryId(socket: Socket, id: string): void {
  Object.assign(socket, { pid: id });
}

function inside(connection: EngineConnection): Inside {
  return connection as unknown as Inside;
}
