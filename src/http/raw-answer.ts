import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Refusal } from '../kernel/refusal.js';
import type { Locale } from '../kernel/locale/texts.js';
import { problemOf } from './problem.js';

/** For reading the answer and hanging up, before the socket is cut. */
const LINGER_MS = 1_000;

/**
 * Refuses with problem details (RFC 9457) on a socket that Node has no answer for: what came on it was
 * no request, or an upgrade. The connection ends with it.
 * @param headers whole lines that this refusal needs besides
 * @returns the request's id, as the answer has it
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

/** Nobody else looks after the socket: whoever did not hang up would keep a descriptor for ever. */
function hangUp(socket: Duplex): void {
  // What is left unread hides the client's end, and turns the service's own into a reset.
  socket.resume();
  const cut = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => {
    clearTimeout(cut);
  });
}
