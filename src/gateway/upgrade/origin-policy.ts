import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a page of that origin may connect: the service's own page, or one of the allowed. No
 * Origin means no browser, and whoever is no browser needs no protection from foreign pages.
 */
export function isOriginAllowed(headers: IncomingHttpHeaders, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  // An origin has no path: what has one, or differs from its canonical form, is a look-alike.
  if (url.origin !== origin) return false;
  return allowed.includes(origin) || url.host === host;
}
