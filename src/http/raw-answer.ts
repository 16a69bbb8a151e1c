import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Refusal } from '../kernel/refusal.js';
import type { Locale } from '../kernel/locale/texts.js';
import { problemOf } from './problem.js';

/** Time to read the answer and hang up, before the socket is cut. */
const LINGER_MS = 1_000;

/**
 * Refuses with problem details (RFC 9457) on a socket without a response object: after something
 * that is no request, or an upgrade. The connection ends with it.
 * @param headers whole header lines that this refusal needs besides
 * @returns the request's id, as in the answer
 */
export function answerRaw(
  socket: Duplex,
  refusal: Refusal,
  locale: Locale,
  headers: readonly string[] = [],
): string {
  const requestId = randomUUID();
  const problem = problemOf(refusal, locale, requestId);
  const body = JSON.stringify(problem);
  const { retryAfter } = refusal.details;
  const lines = [
    `HTTP/1.1 ${String(problem.status)} ${problem.title}`,
    'Connection: close',
    ...headers,
    'Content-Type: application/problem+json',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    ...(retryAfter === undefined ? [] : [`Retry-After: ${String(Math.ceil(retryAfter / 1000))}`]),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  hangUp(socket);
  return requestId;
}

/**
 * Nobody else watches the socket: a client that never hangs up would keep a descriptor for ever.
 */
function hangUp(socket: Duplex): void {
  // Unread data would hide the client's end, and turn the service's own into a reset.
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => {
    clearTimeout(cut);
  });
}
