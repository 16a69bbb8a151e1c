import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Refusal } from '../../kernel/refusal.js';
import type { Locale, RefusalCode } from '../../kernel/texts.js';

const STATUS: Partial<Record<RefusalCode, number>> = {
  'bad-request': 400,
  'foreign-origin': 403,
  'not-found': 404,
  'too-many-connections': 429,
  'rate-limited': 429,
  stopping: 503,
  'store-unavailable': 503,
};

/** Answers an upgrade request with problem details (RFC 9457) instead of a socket. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal, locale: Locale): void {
  const status = STATUS[refusal.code] ?? 500;
  const title = STATUS_CODES[status] ?? '';
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status,
    code: refusal.code,
    detail: refusal.text(locale),
    retryable: refusal.details.retryable ?? false,
  });
  const retryAfter = refusal.details.retryAfter;
  const lines = [
    `HTTP/1.1 ${String(status)} ${title}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    ...(retryAfter === undefined ? [] : [`Retry-After: ${String(Math.ceil(retryAfter / 1000))}`]),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
