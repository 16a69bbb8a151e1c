import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { Refusal } from '../../../kernel/refusal.js';
import { Admission } from '../../admission/admission.js';
import { readSessionQuery, type SessionQuery } from './session-query.js';
import { SocketIoTransport } from './socket-io-transport.js';
import { bufferBody } from './buffer-body.js';

/** What this needs of Express's request and response. */
interface Request extends IncomingMessage {
  readonly path: string;
  readonly originalUrl: string;
}
type Response = Parameters<SocketIoTransport['poll']>[1];
type Next = (error?: unknown) => void;

/** Where requests of long polling come in: the same conditions as for a socket. */
@Injectable()
export class PollingEndpoint {
  constructor(
    private readonly admission: Admission,
    private readonly transport: SocketIoTransport,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Stands before everything that reads bodies. */
  readonly handle = (request: Request, response: Response, next: Next): void => {
    if (request.path !== this.transport.path) {
      next();
      return;
    }
    this.admit(request, response).catch(next);
  };

  /** @throws Refusal by rejection */
  private async admit(request: Request, response: Response): Promise<void> {
    this.admission.checkOrigin(request);
    const query = readSessionQuery(new URL(request.originalUrl, 'http://service').searchParams);
    // A session over a WebSocket answers no requests: this one would wait for ever.
    if (query.transport !== 'polling') throw new Refusal('bad-request', { field: 'transport' });
    if (request.method !== 'GET' && request.method !== 'POST') {
      response.setHeader('Allow', 'GET, POST');
      throw new Refusal('method-not-allowed');
    }
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > this.settings.limits.frameBytes) throw new Refusal('too-large');
    if (query.sid === null) this.begin(request, response, query);
    else await this.goOn(request, response, query, query.sid, length);
  }

  /** @throws Refusal where there is no place for a session */
  private begin(request: Request, response: Response, query: SessionQuery): void {
    this.admission.checkOpen();
    this.transport.checkStrangers();
    const place = this.admission.take(this.admission.addressOf(request));
    this.transport.poll(request, response, query, place);
  }

  /** @throws Refusal by rejection, where an earlier request of the session waits already */
  private async goOn(
    request: Request,
    response: Response,
    query: SessionQuery,
    sid: string,
    length: number,
  ): Promise<void> {
    const channel = this.transport.channelOf(sid);
    const isPost = request.method === 'POST';
    const wait = isPost ? channel?.waitToPost() : channel?.waitToPoll();
    if (wait) await Promise.all([wait, isPost ? bufferBody(request, length) : null]);
    if (request.destroyed) return;
    if (!isPost) channel?.answerWith(response);
    this.transport.poll(request, response, query, null);
  }
}
