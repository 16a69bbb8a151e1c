import type { IncomingMessage, Server } from 'node:http';
import { HttpStatus } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';

/**
 * Takes the path below which a proxy passes requests on away from them, before anybody else sees
 * them: plain requests and upgrades alike. What is asked for without it is served as well, since a
 * health check comes past the proxy.
 *
 * @param basePath begins with a slash, and does not end with one
 */
export function takeAwayBasePath(server: Server, basePath: string): void {
  const start = `${basePath}/`;
  const takeAway = (request: IncomingMessage): void => {
    if (request.url?.startsWith(start) === true) request.url = request.url.slice(basePath.length);
  };
  server.prependListener('request', takeAway);
  server.prependListener('upgrade', takeAway);
}

/** The page's addresses are relative: they are right below `/parley/`, and not below `/parley`. */
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
