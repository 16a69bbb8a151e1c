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

/** Engine.IO goes by this query, and reads none by itself. */
export function setQuery(
  request: IncomingMessage,
  parameters: Readonly<Record<string, string>>,
): void {
  Object.assign(request, { _query: parameters });
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

/** Whether a request of long polling waits for its answer. */
export function isPolled(connection: EngineConnection): boolean {
  return inside(connection).transport.writable;
}

/** Calls with each request of long polling, before Engine.IO answers it with what it holds. */
export function onPoll(connection: EngineConnection, call: () => void): void {
  inside(connection).transport.prependListener('ready', call);
}

/**
 * Answers the request of long polling that waits. Packets that Engine.IO was given one by one would
 * each take an answer of their own.
 * @param payload packets, pings and messages, as long polling joins them: not empty
 */
export function sendPayload(connection: EngineConnection, payload: string): void {
  // Encoded, a packet is its type and its data: the first one, with the others behind it.
  inside(connection).sendPacket(payload.startsWith('2') ? 'ping' : 'message', payload.slice(1));
}

/** Engine.IO waits half a minute for a poll that it could say goodbye to. */
export function boundGoodbye(connection: EngineConnection, ms: number): void {
  Object.assign(inside(connection).transport, { closeTimeout: ms });
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

/** What is left of a handshake, for whoever looks for something in it. */
const NO_HANDSHAKE = Object.freeze({ headers: {}, query: {}, auth: {} });

/** The handshake's request, its headers and its token are not needed for as long as it lives. */
export function forgetHandshake(socket: Socket): void {
  Object.assign(socket, { handshake: NO_HANDSHAKE });
  inside(socket.conn).request = null;
}

/**
 * What the client knows itself by. Only while it is being looked at: the server keeps it by its id.
 */
export function setSocketId(socket: Socket, id: string): void {
  const { _preConnectSockets: connecting } = socket.nsp as unknown as {
    readonly _preConnectSockets: Map<string, Socket>;
  };
  connecting.delete(socket.id);
  Object.assign(socket, { id });
  connecting.set(id, socket);
}

/** What the client is told to bring back, for it to count as the same one. */
export function setRecoveryId(socket: Socket, id: string): void {
  Object.assign(socket, { pid: id });
}

function inside(connection: EngineConnection): Inside {
  return connection as unknown as Inside;
}
