import type { NextFunction, Request, Response } from 'express';

const HEADERS: ReadonlyMap<string, string> = new Map([
  ['Cache-Control', 'no-store'],
  ['Content-Security-Policy', "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Permissions-Policy', 'camera=(), geolocation=(), microphone=()'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
  // For browsers older than `frame-ancestors`.
  ['X-Frame-Options', 'DENY'],
]);

/**
 * By default no browser caches, frames, sniffs or runs an answer. A page sets its own policy in
 * place of this one.
 */
export function setSecurityHeaders(
  _request: Request,
  response: Response,
  next: NextFunction,
): void {
  response.setHeaders(new Map(HEADERS));
  next();
}
