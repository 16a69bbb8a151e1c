import type { IncomingMessage, Server } from 'node:http';
import { HttpStatus } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/**
 * Strips the path prefix of a proxy before anybody else sees a request: plain requests and upgrades
 * alike. Requests without the prefix are served as well, since health checks bypass the proxy.
 *
 * @param basePath begins with a slash, and does not end with one
 */
export function takeAwayBasePath(server: Server, basePath: string): void {
  const takeAway = (request: IncomingMessage): void => {
    request.url = pathBelow(request.url ?? '', basePath);
  };
  for (const event of ['request', 'checkContinue', 'checkExpectation', 'upgrade']) {
    server.prependListener(event, takeAway);
  }
}

/** What is left of a path, with or without its query, below the base path; otherwise all of it. */
export function pathBelow(path: string, basePath: string | null): string {
  return basePath !== null && path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
}

/** The page's addresses are relative: they work below `/parley/`, not below `/parley`. */
export function toPageBelow(basePath: string): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (request.path !== basePath || request.method !== 'GET') {
      next();
      return;
    }
    const query = request.originalUrl.slice(basePath.length);
    response.redirect(HttpStatus.PERMANENT_REDIRECT, `${basePath}/${query}`);
  };
}
