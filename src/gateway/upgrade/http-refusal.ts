import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { problemOf } from '../../http/problem.js';
import type { Refusal } from '../../kernel/refusal.js';
import type { Locale } from '../../kernel/texts.js';

/**
 * Answers an upgrade request with problem details (RFC 9457) instead of a socket.
 * @returns the request's id, as the answer has it
 */
export function refuseUpgrade(socket: Duplex, refusal: Refusal, locale: Locale): string {
  const requestId = randomUUID();
  const problem = problemOf(refusal, locale, requestId);
  const body = JSON.stringify(problem);
  const { retryAfter } = refusal.details;
  const lines = [
    `HTTP/1.1 ${String(problem.status)} ${problem.title}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    `X-Request-Id: ${requestId}`,
    ...(retryAfter === undefined ? [] : [`Retry-After: ${String(Math.ceil(retryAfter / 1000))}`]),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  return requestId;
}
