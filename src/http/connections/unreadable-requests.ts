import type { RefusalCode } from '@parley/protocol';
import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import type { Settings } from '../../config/settings.js';
import { Refusal } from '../../kernel/refusal.js';
import { Tally } from '../../kernel/metrics/tally.js';
import { answerRaw } from '../raw-answer.js';
import type { HttpConnection } from './http-connection.js';
import type { RequestQueue } from './request-queue.js';

/** An error of Node's parser, of its time-outs, or of the socket. */
export interface ClientError extends Error {
  readonly code?: string;
}

const REFUSALS: ReadonlyMap<string | undefined, RefusalCode> = new Map([
  ['HPE_HEADER_OVERFLOW', 'headers-too-large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'too-large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request-timeout'],
]);
/** Data came behind a request that said `Connection: close`: nobody waits for its answer. */
const AFTER_THE_LAST = 'HPE_CLOSED_CONNECTION';

/**
 * Answers what Node's parser could not read, or not in time: there is no response object for it.
 */
export class UnreadableRequests {
  /** By reason. */
  readonly refused = new Tally<RefusalCode>('code', ['bad-request', ...REFUSALS.values()]);
  private readonly logger = new Logger('HTTP');

  constructor(
    private readonly queue: RequestQueue,
    private readonly locale: Settings['locale'],
  ) {}

  /** Ends the socket with it, after the answers still owed. */
  refuse(connection: HttpConnection, error: ClientError): void {
    const { socket, current } = connection;
    if (error.code === AFTER_THE_LAST && !connection.isFree) return;
    if (!connection.isWritable || !isOfProtocol(error)) {
      socket.destroy();
      return;
    }
    socket.pause();
    const code = REFUSALS.get(error.code) ?? 'bad-request';
    if (current !== null && !current.req.complete) {
      // Its own body is unreadable: this is its answer.
      if (current.headersSent) socket.destroy();
      else this.answer(socket, code);
      return;
    }
    this.queue.forgetIncomplete(connection);
    this.queue.finally(connection, () => {
      this.answer(socket, code);
    });
  }

  private answer(socket: Socket, code: RefusalCode): void {
    this.refused.count(code);
    const refusal = new Refusal(code);
    const { status } = refusal.rule;
    const request = answerRaw(socket, refusal, this.locale);
    this.logger.log({ event: 'request-unreadable', request, code, status });
  }
}

/** Everything else is a socket error: nobody is left to read an answer. */
function isOfProtocol({ code }: ClientError): boolean {
  return code !== undefined && (code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT');
}
