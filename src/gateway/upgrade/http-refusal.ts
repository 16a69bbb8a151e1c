import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { problemOf } from '../../http/problem.js';
import type { Refusal } from '../../kernel/refusal.js';
import type { Locale, RefusalCode } from '../../kernel/texts.js';

/** What a status must be accompanied by (RFC 9110, 15.5.6 and 15.5.22; RFC 6455, 4.4). */
const HEADERS: Partial<Record<RefusalCode, readonly string[]>> = {
  'method-not-allowed': ['Allow: GET'],
  'upgrade-required': ['Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
};

/** For reading the answer and hanging up, before the socket is cut. */
const LINGER_MS = 1_000;

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
    ...(HEADERS[refusal.code] ?? []),
    'Content-Type: application/problem+json',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
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
