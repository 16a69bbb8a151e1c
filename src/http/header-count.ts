import type { IncomingMessage } from 'node:http';
import { Refusal } from '../kernel/refusal.js';

/** Headers accepted in one request. */
export const MAX_HEADERS = 100;

/** @throws Refusal `too-many-headers` */
export function checkHeaderCount({ rawHeaders }: IncomingMessage): void {
  // Names and values alternate.
  if (rawHeaders.length / 2 > MAX_HEADERS) throw new Refusal('too-many-headers');
}

/** The characters of a name (RFC 9110, 5.6.2). */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Checks again what an older Node's parser accepts and proxies and newer ones do not.
 * @throws Refusal `bad-request`
 */
export function checkHeaderNames({ rawHeaders }: IncomingMessage): void {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!NAME.test(rawHeaders[at] ?? '')) throw new Refusal('bad-request');
  }
}
