import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Settings } from '../../config/settings.js';
import { Refusal } from '../../kernel/refusal.js';
import { ClientAddress } from '../client-address.js';
import { ClientView } from '../client-view.js';
import { answerRaw } from '../raw-answer.js';
import { AnswerWatch } from './answer-watch.js';
import { ConnectionTable } from './connection-table.js';
import type { Exchange, HttpConnection } from './http-connection.js';
import { pauseWhereWaiting, RequestQueue } from './request-queue.js';
import { type ClientError, UnreadableRequests } from './unreadable-requests.js';
import { offersUpgrade, offersWebSocket, type Wants } from './upgrade-offers.js';

const LOOK_EVERY_MS = 1_000;

/** Handles the next request. Must not throw. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Takes over a connection whose earlier requests are all answered. */
export type UpgradeHandler = (request: IncomingMessage, socket: Socket, head: Buffer) => void;

/**
 * Stands between Node's HTTP server and the request handlers, and bounds connections: how many
 * there are, what waits on each, and what nobody reads.
 */
export class ServerGuard {
  readonly table: ConnectionTable;
  readonly queue: RequestQueue;
  readonly answers: AnswerWatch;
  readonly unreadable: UnreadableRequests;
  /** Tells requests whose handlers read their bodies themselves, and watch how fast they come. */
  takesItsTime: Wants = () => false;
  private readonly expecting = new WeakSet<IncomingMessage>();
  private wants: Wants = () => false;
  private handler: Handler = (_request, response) => response.destroy();
  private upgrade: UpgradeHandler = (_request, socket) => socket.destroy();

  constructor(private readonly settings: Settings) {
    const { limits } = settings;
    const addresses = new ClientAddress(new ClientView(settings));
    this.table = new ConnectionTable(
      { perAddress: limits.httpConnectionsPerAddress, inAll: limits.httpConnections },
      (socket) => addresses.ofPeer(socket),
    );
    this.queue = new RequestQueue((exchange) => {
      this.handle(exchange);
    }, this.table);
    this.answers = new AnswerWatch(
      { windowMs: limits.answerTimeoutMs, bytes: limits.answerBytes },
      () => performance.now(),
    );
    this.unreadable = new UnreadableRequests(this.queue, settings.locale);
  }

  /** Whether a request with an `Upgrade` header is one that {@link onUpgrade} wants. */
  readonly isWanted: Wants = (request) => offersWebSocket(request) && this.wants(request);

  /** Called once, with a server that has no `request` listener yet. */
  attach(server: Server, handler: Handler): void {
    const { settings } = this;
    this.handler = handler;
    server.on('connection', this.admit);
    server.on('request', this.enter);
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      this.expecting.add(request);
      this.enter(request, response);
    });
    // A server may ignore an expectation that it does not know (RFC 9110, 10.1.1).
    server.on('checkExpectation', this.enter);
    server.on('clientError', (error: ClientError, socket: Socket) => {
      const connection = this.table.get(socket);
      if (connection === undefined) socket.destroy();
      else if (!this.isGivenTime(connection, error)) this.unreadable.refuse(connection, error);
    });
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      // Out of several offers; `ws` understands nothing else.
      request.headers.upgrade = 'websocket';
      this.afterAnswers(request, socket, () => {
        this.upgrade(request, socket, head);
      });
    });
    server.on('connect', (request: IncomingMessage, socket: Socket) => {
      this.afterAnswers(request, socket, () => {
        answerRaw(socket, new Refusal('method-not-allowed'), settings.locale, ['Allow: GET']);
      });
    });
    const timer = setInterval(this.look, LOOK_EVERY_MS).unref();
    server.once('close', () => {
      clearInterval(timer);
    });
  }

  /** @param wants whether a request that offers WebSocket is for this handler */
  onUpgrade(wants: Wants, handler: UpgradeHandler): void {
    this.wants = wants;
    this.upgrade = handler;
  }

  /** The socket no longer speaks HTTP, and is counted as what it has become. */
  release(socket: Socket): void {
    const connection = this.table.get(socket);
    if (connection === undefined) return;
    connection.detach();
    this.forget(connection);
  }

  private readonly admit = (socket: Socket): void => {
    const connection = this.table.admit(socket);
    if (connection === null) return;
    const end = (): void => {
      this.forget(connection);
    };
    // Node resumes a socket to read a request's body, and when its buffers have drained.
    connection.listen(end, () => {
      pauseWhereWaiting(connection);
    });
  };

  private readonly enter = (request: IncomingMessage, response: ServerResponse): void => {
    const connection = this.table.get(request.socket);
    // It was closed because of a limit, and what had arrived before is still parsed.
    if (connection === undefined) response.destroy();
    else this.queue.enter(connection, { request, response });
  };

  private handle({ request, response }: Exchange): void {
    // Behind an upgrade that is not made, Node's parser loses the rest of the same read; and from
    // whoever sent too much at once nothing more is read.
    if (offersUpgrade(request) || this.queue.isRefused(request)) {
      response.setHeader('Connection', 'close');
    }
    if (this.expecting.has(request) && this.mayComeIn(request)) response.writeContinue();
    response.once('prefinish', () => {
      const connection = this.table.get(request.socket);
      if (connection !== undefined) this.answers.look(connection);
    });
    this.handler(request, response);
  }

  /** Refuses a body too large for any call before it is sent. */
  private mayComeIn(request: IncomingMessage): boolean {
    if (this.takesItsTime(request)) return true;
    const { headers } = request;
    const { bodyBytes, frameBytes } = this.settings.limits;
    return Number(headers['content-length'] ?? 0) <= Math.max(bodyBytes, frameBytes);
  }

  /** Node's time-out is one for all requests. Once it has told of it, it goes on reading. */
  private isGivenTime({ current }: HttpConnection, { code }: ClientError): boolean {
    return (
      code === 'ERR_HTTP_REQUEST_TIMEOUT' && current !== null && this.takesItsTime(current.req)
    );
  }

  /** Node announces an upgrade at once, even behind requests that are not answered yet. */
  private afterAnswers(request: IncomingMessage, socket: Socket, go: () => void): void {
    // A client may reset at any moment; until somebody takes over, nothing else handles that.
    socket.on('error', () => undefined);
    const connection = this.table.get(request.socket);
    if (connection === undefined) socket.destroy();
    else this.queue.finally(connection, go);
  }

  private forget(connection: HttpConnection): void {
    this.queue.forget(connection);
    this.answers.forget(connection);
    this.table.remove(connection);
  }

  private readonly look = (): void => {
    for (const connection of this.table.all()) {
      if (connection.current !== null) this.answers.look(connection);
    }
  };
}
