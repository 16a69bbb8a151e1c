import { Logger } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { requestIdOf } from '../http/request-id.js';
import type { Clock } from '../kernel/clock.js';
import type { Tally } from '../kernel/metrics/tally.js';
import { redactUrl } from './redaction.js';

const MAX_PATH = 200;
/** Polled too often to log above debug: health probes and long polling. */
const FREQUENT = /^\/(?:health|socket\.io)\//;
const logger = new Logger('HTTP');

/**
 * Logs each answer: the method, the path (the route's pattern where one matched), the status and
 * the milliseconds.
 * @param answers counts them by the first digit of their status
 */
export function accessLog(
  clock: Clock,
  answers: Tally<number>,
): (request: Request, response: Response, next: NextFunction) => void {
  return (request, response, next) => {
    const startedAt = clock.monotonic();
    response.once('close', () => {
      answers.count(Math.floor(response.statusCode / 100));
      report(request, response, clock.monotonic() - startedAt);
    });
    next();
  };
}

function report(request: Request, response: Response, ms: number): void {
  const path = pathOf(request);
  const line = {
    event: 'answered',
    request: requestIdOf(response),
    method: request.method,
    path,
    status: response.statusCode,
    ms: Math.round(ms * 10) / 10,
    ...(response.writableFinished ? {} : { aborted: true }),
  };
  if (response.statusCode >= 500) logger.warn(line);
  else if (FREQUENT.test(path)) logger.debug(line);
  else logger.log(line);
}

/** The pattern says as much as the path and does not tell who reads whose conversation. */
function pathOf(request: Request): string {
  const route = (request as { route?: { path?: unknown } }).route?.path;
  return typeof route === 'string' ? route : redactUrl(request.originalUrl).slice(0, MAX_PATH);
}
