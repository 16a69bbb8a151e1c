import type { IncomingMessage } from 'node:http';
import { Refusal } from '../kernel/refusal.js';

/** Headers of one request that are accepted. */
export const MAX_HEADERS = 100;

/** @throws Refusal `too-many-headers` */
export function checkHeaderCount({ rawHeaders }: IncomingMessage): void {
  // Names and values alternate.
  if (rawHeaders.length / 2 > MAX_HEADERS) throw new Refusal('too-many-headers');
}

/** What a name is made of (RFC 9110, 5.6.2). */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/**
 * Looks again where the parser of an older Node lets pass what proxies and newer ones do not.
 * @throws Refusal `bad-request`
 */
export function checkHeaderNames({ rawHeaders }: IncomingMessage): void {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!NAME.test(rawHeaders[at] ?? '')) throw new Refusal('bad-request');
  }
}
