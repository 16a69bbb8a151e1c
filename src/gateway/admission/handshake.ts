import type { IncomingMessage } from 'node:http';
import { checkHeaderCount, checkHeaderNames } from '../../http/header-count.js';
import { checkHost } from '../../http/host-header.js';
import { Refusal } from '../../kernel/refusal.js';

const VERSION = '13';

/**
 * Checks that a request is a valid upgrade (RFC 6455, 4.2.1; RFC 9112, 3.2), whoever sent it. Node
 * upgrades whatever has the header, and ws demands less than the RFCs.
 * @throws Refusal `too-many-headers`, `method-not-allowed`, `bad-request` or `upgrade-required`,
 *   the last where another version of the protocol is asked for
 */
export function checkHandshake(request: IncomingMessage): void {
  checkHeaderCount(request);
  checkHeaderNames(request);
  if (request.method !== 'GET') throw new Refusal('method-not-allowed');
  if (request.httpVersion !== '1.1' || announcesBody(request)) throw new Refusal('bad-request');
  checkHost(request);
  if (request.headers['sec-websocket-version'] !== VERSION) throw new Refusal('upgrade-required');
}

/** A body would be parsed as the first frames. */
function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
