import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** An upgrade that passed admission: path, handshake, origin, address. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  /** What followed the request's headers. */
  readonly head: Buffer;
  readonly url: URL;
  /** The client's own address, not that of a trusted proxy. */
  readonly address: string;
}

/** Turns upgrades on one path into connections. */
export interface UpgradeTaker {
  /**
   * Whether the request continues what was admitted before, and so takes no further seat. Left out:
   * none ever does.
   * @throws Refusal where it claims to, and does not
   */
  continues?(url: URL): boolean;

  /** Answers the request in any case. Never throws or rejects. */
  accept(upgrade: Upgrade): Promise<void>;
}

/** A plain HTTP request to a transport, its body unread. */
export interface TransportRequest extends IncomingMessage {
  /** Path of the URL, without the query and the base path. */
  readonly path: string;
  /** The whole URL, without the base path. */
  readonly originalUrl: string;
}

/**
 * Answers requests on one path, now or when there is something to send.
 * @throws Refusal by rejection, where nothing was answered yet: it becomes problem details
 */
export type RequestTaker = (request: TransportRequest, response: ServerResponse) => Promise<void>;

/** The service's entry, as a transport sees it. A path has one taker of each kind. */
export interface Mount {
  /** Upgrades to WebSocket on this path belong to the taker from here on. */
  upgrades(path: string, taker: UpgradeTaker): void;

  /** Requests to this path, whatever their method, belong to the taker from here on. */
  requests(path: string, taker: RequestTaker): void;
}

/**
 * A way for clients to hold a connection: a WebSocket, long polling, a stream of events.
 *
 * A transport moves bytes. What frames mean, who hears what, and what anything costs is decided
 * elsewhere, the same for all of them. To write another one:
 *
 * 1. **Mount it.** {@link mount} names the paths; the class joins the list in gateway.module.ts.
 *    Neither bootstrap.ts nor anything below transports/ learns of it.
 * 2. **Admit.** An upgrade arrives admitted: method, version, Host, origin, and the limits of its
 *    address are checked, and its seat is given back when the socket closes. A plain request is not,
 *    since only the transport knows which ones begin something: ask `Admission.checkOrigin` for
 *    every one, `checkOpen` and `take` for those that begin a session, and release the seat with it.
 * 3. **Authenticate.** `HandshakeAuth.authenticate` says who it is, `ConnectionRegistry.checkPerson`
 *    whether they may have one more. A refusal that ends the session has a close code (`closeOf`),
 *    and is told in a way that the client can read; any other is an HTTP answer.
 * 4. **Make a {@link Channel}.** Backpressure lives by `queuedBytes` and `takenBytes`: count what
 *    the kernel has not taken, also what waits above the socket. `write` never throws.
 * 5. **Make a `WireFormat`**, one object for all connections of the transport, so that a message is
 *    encoded once for all of them. Its name joins `WIRES`, and the metrics know it.
 * 6. **Open a `Connection`** with an id that no node ever gave, and hand it to
 *    `GatewayAdapter.accept`. From then on every frame of the client goes to
 *    `connection.receive`, in order; `connection.gone` tells once that it has ended, however.
 * 7. **Watch it.** `Heartbeat.watch` pings it and ends it where it is silent or takes nothing; stop
 *    that when it ends.
 * 8. **Bound it.** A frame has at most `limits.frameBytes`, a handshake takes at most
 *    `limits.handshakeTimeoutMs`, and sessions that nobody has logged in to are limited in number.
 *    Each bound has a test.
 *
 * Then add it to test/support/transports.ts: what runs over every transport there holds it to the
 * protocol. `WsTransport` is the smallest to read; `SocketIoTransport` takes upgrades and requests.
 */
export abstract class Transport {
  /** Called once, before the service listens, and before any module is initialised. */
  abstract mount(door: Mount): void;
}

/** DI token of the list of transports. */
export const TRANSPORTS = Symbol('TRANSPORTS');
