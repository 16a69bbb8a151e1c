import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { Refusal } from '../../../kernel/refusal.js';
import { Admission } from '../../upgrade/admission.js';
import { SocketIoTransport } from './socket-io-transport.js';
import { takeIn } from './take-in.js';

/** What this needs of Express's request and response. */
interface Request extends IncomingMessage {
  readonly path: string;
  readonly originalUrl: string;
}
type Response = Parameters<SocketIoTransport['poll']>[1];
type Next = (error?: unknown) => void;

/** Where requests of long polling come in: the same conditions as for a socket. */
@Injectable()
export class PollingDoor {
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
    const { searchParams } = new URL(request.originalUrl, 'http://service');
    // A script element reaches every host, and says of no page that it comes from there.
    if (searchParams.has('j')) throw new Refusal('bad-request');
    if (request.method !== 'GET' && request.method !== 'POST') {
      response.setHeader('Allow', 'GET, POST');
      throw new Refusal('method-not-allowed');
    }
    const length = Number(request.headers['content-length'] ?? 0);
    if (length > this.settings.limits.frameBytes) throw new Refusal('too-large');
    const session = searchParams.get('sid');
    if (session !== null) {
      const pause = request.method === 'POST' ? this.transport.pauseOf(session) : null;
      if (pause !== null) await Promise.all([pause, takeIn(request, length)]);
      if (request.destroyed) return;
      this.transport.poll(request, response, null);
      return;
    }
    this.admission.checkOpen();
    this.transport.checkStrangers();
    const place = this.admission.take(this.admission.addressOf(request));
    response.once('close', () => {
      this.transport.forget(request);
    });
    this.transport.poll(request, response, place);
  }
}
