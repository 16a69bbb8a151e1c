import type { IncomingMessage } from 'node:http';
import { Refusal } from '../kernel/refusal.js';
import { isHost } from './host.js';

const NAME = 'host';

/**
 * An HTTP/1.1 request has exactly one valid Host (RFC 9112, 3.2): of two, a proxy might believe the
 * other one, and see another request than we do.
 * @throws Refusal `bad-request`
 */
export function checkHost({ headers, httpVersion, rawHeaders }: IncomingMessage): void {
  const hosts = countOf(rawHeaders);
  if (hosts === 0 && httpVersion === '1.0') return;
  if (hosts !== 1 || !isHost(headers.host ?? '')) throw new Refusal('bad-request');
}

/** `request.headers` keeps the first of several. */
function countOf(rawHeaders: readonly string[]): number {
  let hosts = 0;
  // Names and values alternate.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === NAME.length && name.toLowerCase() === NAME) hosts++;
  }
  return hosts;
}
