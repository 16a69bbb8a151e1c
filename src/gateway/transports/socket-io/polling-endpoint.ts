import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../../../config/settings.js';
import { Refusal } from '../../../kernel/refusal.js';
import type { Admission, Seat } from '../../admission/admission.js';
import type { RequestTaker, TransportRequest } from '../../wire/transport.js';
import { bufferBody } from './buffer-body.js';
import { readSessionQuery, type SessionQuery } from './session-query.js';
import type { SocketIoChannel } from './socket-io-channel.js';

/** The sessions that polls open and continue. */
export interface PollingSessions {
  /** @throws Refusal where too many are not authenticated yet, or the service admits nobody */
  checkStrangers(): void;

  /** The channel of that session; null where there is none. */
  channelOf(sessionId: string): SocketIoChannel | null;

  /** Answers a poll. @param seat null where the session has one already */
  poll(
    request: IncomingMessage,
    response: ServerResponse,
    query: SessionQuery,
    seat: Seat | null,
  ): void;
}

/** Admits requests of long polling, on the same conditions as a socket. */
export class PollingEndpoint {
  constructor(
    private readonly sessions: PollingSessions,
    private readonly admission: Admission,
    private readonly settings: Settings,
  ) {}

  readonly take: RequestTaker = async (request, response) => {
    this.admission.checkOrigin(request);
    const query = readSessionQuery(new URL(request.originalUrl, 'http://service').searchParams);
    // A session over a WebSocket answers no requests: this one would hang.
    if (query.transport !== 'polling') throw new Refusal('bad-request', { field: 'transport' });
    if (request.method !== 'GET' && request.method !== 'POST') {
      response.setHeader('Allow', 'GET, POST');
      throw new Refusal('method-not-allowed');
    }
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > this.settings.limits.frameBytes) throw new Refusal('too-large');
    if (query.sid === null) this.begin(request, response, query);
    else await this.goOn(request, response, query, query.sid, length);
  };

  /** @throws Refusal where there is no seat for a session */
  private begin(request: TransportRequest, response: ServerResponse, query: SessionQuery): void {
    this.admission.checkOpen();
    this.sessions.checkStrangers();
    const seat = this.admission.take(this.admission.addressOf(request));
    this.sessions.poll(request, response, query, seat);
  }

  /** @throws Refusal by rejection, where an earlier request of the session is waiting */
  private async goOn(
    request: TransportRequest,
    response: ServerResponse,
    query: SessionQuery,
    sid: string,
    length: number,
  ): Promise<void> {
    const channel = this.sessions.channelOf(sid);
    const isPost = request.method === 'POST';
    const wait = isPost ? channel?.waitToPost() : channel?.waitToPoll();
    if (wait) await Promise.all([wait, isPost ? bufferBody(request, length) : null]);
    if (request.destroyed) return;
    if (!isPost) channel?.answerWith(response);
    this.sessions.poll(request, response, query, null);
  }
}
