import { Injectable, Logger, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { requestIdOf } from '../http/request-id.js';
import { Clock } from '../kernel/clock.js';
import { redactUrl } from './redaction.js';
import { runInRequest } from './request-context.js';

const MAX_PATH = 200;

/**
 * Logs each answer: the request's id, the method, the path (the route's pattern where one matched),
 * the status and the milliseconds.
 */
@Injectable()
export class AccessLogMiddleware implements NestMiddleware {
  private readonly logger = new Logger('HTTP');

  constructor(private readonly clock: Clock) {}

  use(request: Request, response: Response, next: NextFunction): void {
    const id = requestIdOf(response);
    const startedAt = this.clock.monotonic();
    response.once('close', () => {
      this.report(request, response, { request: id, ms: this.clock.monotonic() - startedAt });
    });
    runInRequest(id, next);
  }

  private report(
    request: Request,
    response: Response,
    facts: { readonly request: string; readonly ms: number },
  ): void {
    const path = pathOf(request);
    const line = {
      event: 'answered',
      request: facts.request,
      method: request.method,
      path,
      status: response.statusCode,
      ms: Math.round(facts.ms * 10) / 10,
      ...(response.writableFinished ? {} : { aborted: true }),
    };
    if (response.statusCode >= 500) this.logger.warn(line);
    else if (path.startsWith('/health/')) this.logger.debug(line);
    else this.logger.log(line);
  }
}

/** The pattern says as much as the path and does not tell who reads whose conversation. */
function pathOf(request: Request): string {
  const route = (request as { route?: { path?: unknown } }).route?.path;
  if (typeof route === 'string' && !route.startsWith('/*') && !route.startsWith('{')) return route;
  return redactUrl(request.originalUrl).slice(0, MAX_PATH);
}
