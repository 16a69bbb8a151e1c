import type { View } from '../http/client-view.js';

/**
 * What a page of this service may do: load its own files, talk to its own host, and nothing else.
 * No inline script or style runs, whatever is injected into the page.
 *
 * @param host as the client asked for it. Some browsers do not count a WebSocket to the same host
 *   as `'self'`, so it is named; null, where it is no plain host and port, leaves it out.
 * @param files origin of a store that files are sent to and come from; null: they do not, or from here
 */
export function contentSecurityPolicy(host: View['host'], files: string | null = null): string {
  const sockets = host === null ? '' : ` ws://${host} wss://${host}`;
  const store = files === null ? '' : ` ${files}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data:${store}`,
    `connect-src 'self'${sockets}${store}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
