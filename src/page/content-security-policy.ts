const HOST = /^(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * What a page of this service may do: load its own files, talk to its own host, and nothing else.
 * No inline script or style runs, whatever somebody manages to put into the page.
 *
 * @param host the Host header of the request. Some browsers do not count a WebSocket to the same
 * host as `'self'`, so it is named; one that is not a plain host and port is left out.
 */
export function contentSecurityPolicy(host: string | undefined): string {
  const sockets = host !== undefined && HOST.test(host) ? ` ws://${host} wss://${host}` : '';
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
