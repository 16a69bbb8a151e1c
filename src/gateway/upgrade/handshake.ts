import type { IncomingMessage } from 'node:http';
import { checkHeaderCount } from '../../http/header-count.js';
import { isHost } from '../../http/host.js';
import { Refusal } from '../../kernel/refusal.js';

const VERSION = '13';
const HOST_NAME = 'host';

/**
 * Whether a request may ask for an upgrade at all (RFC 6455, 4.2.1; RFC 9112, 3.2), whoever it
 * comes from. Node upgrades whatever has the header, and ws is content with less than the RFCs.
 * @throws Refusal `too-many-headers`, `method-not-allowed`, `bad-request` or `upgrade-required`,
 *   the last where another version of the protocol is asked for
 */
export function checkHandshake(request: IncomingMessage): void {
  checkHeaderCount(request);
  if (request.method !== 'GET') throw new Refusal('method-not-allowed');
  if (request.httpVersion !== '1.1' || !hasOneHost(request) || announcesBody(request)) {
    throw new Refusal('bad-request');
  }
  if (request.headers['sec-websocket-version'] !== VERSION) throw new Refusal('upgrade-required');
}

/** `request.headers` keeps the first of several. */
function hasOneHost({ headers, rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  // Names and values alternate.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === HOST_NAME.length && name.toLowerCase() === HOST_NAME) hosts++;
  }
  return hosts === 1 && isHost(headers.host ?? '');
}

/** A body would be read as the first frames. */
function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
