import type { IncomingMessage } from 'node:http';
import { Refusal } from '../kernel/refusal.js';

/** Headers of one request that are accepted. */
export const MAX_HEADERS = 100;

/** @throws Refusal `too-many-headers` */
export function checkHeaderCount({ rawHeaders }: IncomingMessage): void {
  // Names and values alternate.
  if (rawHeaders.length / 2 > MAX_HEADERS) throw new Refusal('too-many-headers');
}
