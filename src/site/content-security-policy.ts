import type { View } from '../http/client-view.js';

/**
 * What a page of this service may do: load its own files, talk to its own host, and nothing else.
 * No inline script or style runs, whatever is injected into the page.
 *
 * @param host as the client asked for it. Some browsers do not count a WebSocket to the same host
 *   as `'self'`, so it is named; null, where it is no plain host and port, leaves it out.
 */
export function contentSecurityPolicy(host: View['host']): string {
  const sockets = host === null ? '' : ` ws://${host} wss://${host}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
