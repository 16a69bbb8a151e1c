import type { IncomingMessage, Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { AllowedOrigins } from '../config/allowed-origins.js';
import type { Settings } from '../config/settings.js';
import { Refusal } from '../kernel/refusal.js';
import { AddressBudget } from './address-budget.js';
import { takeAwayBasePath, toPageBelow } from './base-path.js';
import type { RequestQueue } from './connections/request-queue.js';
import { type DirectExpressAdapter, LOOK_FOR_SLOW_REQUESTS_MS } from './express-adapter.js';
import { checkHeaderCount, checkHeaderNames, MAX_HEADERS } from './header-count.js';
import { checkHost } from './host-header.js';
import { useJsonBody } from './json-body.js';
import { ProblemFilter } from './problem.filter.js';
import { assignRequestId } from './request-id.js';
import { setSecurityHeaders } from './security-headers.js';

const PREFLIGHT_SECONDS = 600;
const ALLOWED_HEADERS = [
  ...['Authorization', 'Content-Type', 'Content-Range', 'Upload-Token', 'Range', 'If-None-Match'],
];
const EXPOSED_HEADERS = [
  ...['Content-Disposition', 'Retry-After', 'X-Request-Id', 'Upload-Offset', 'Upload-Length'],
  ...['Accept-Ranges', 'Content-Range', 'ETag'],
];

/** What of HTTP is no ordinary call. */
export interface Exceptions {
  /** Handlers of what is not REST: they run before bodies are read, and pass on what is not for them. */
  readonly doors?: readonly RequestHandler[];
  /** Tells requests whose handlers read their bodies themselves, and watch how fast they come. */
  readonly takesItsTime?: (request: IncomingMessage) => boolean;
}

/**
 * Gives an application's HTTP side what docs/protocol.md promises: bounds, safe headers, an id per
 * request, errors as problem details. Called once, before the application listens. The application
 * is created on a DirectExpressAdapter with `bodyParser: false` and imports the HttpModule.
 */
export function configureHttp(
  app: NestExpressApplication,
  settings: Settings,
  { doors = [], takesItsTime = () => false }: Exceptions = {},
): void {
  boundServer(app.getHttpServer(), settings);
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  const { guard } = app.getHttpAdapter() as unknown as DirectExpressAdapter;
  guard.takesItsTime = takesItsTime;
  app.use(assignRequestId, setSecurityHeaders, checkRequest(guard.queue));
  const payAtTheDoor = payByAddress(app.get(AddressBudget));
  app.use((request: Request, response: Response, next: NextFunction) => {
    // The CORS handler answers preflights.
    if (request.method === 'OPTIONS') payAtTheDoor(request, response, next);
    else next();
  });
  allowOrigins(app, settings);
  for (const door of doors) app.use(door);
  app.use(payAtTheDoor);
  serveBelow(app, settings.basePath);
  useJsonBody(app, settings, takesItsTime);
  app.useGlobalFilters(app.get(ProblemFilter));
}

function boundServer(server: Server, settings: Settings): void {
  // One more than is accepted: beyond its own limit Node drops headers silently.
  server.maxHeadersCount = MAX_HEADERS + 1;
  // Node cuts slow requests at its next check: by then the whole time must not be exceeded.
  const { handshakeTimeoutMs } = settings.limits;
  const patience = Math.max(handshakeTimeoutMs / 2, handshakeTimeoutMs - LOOK_FOR_SLOW_REQUESTS_MS);
  server.headersTimeout = patience;
  server.requestTimeout = patience;
}

function payByAddress(budget: AddressBudget): RequestHandler {
  return (request, _response, next) => {
    budget.enter(request);
    next();
  };
}

function serveBelow(app: NestExpressApplication, basePath: string | null): void {
  if (basePath === null) return;
  takeAwayBasePath(app.getHttpServer(), basePath);
  app.use(toPageBelow(basePath));
}

/** Refuses what no handler would accept. */
function checkRequest(queue: RequestQueue): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (queue.isRefused(request)) throw new Refusal('rate-limited');
    checkHeaderCount(request);
    checkHeaderNames(request);
    checkHost(request);
    next();
  };
}

function allowOrigins(app: NestExpressApplication, settings: Settings): void {
  if (settings.allowedOrigins.length === 0) return;
  const allowed = new AllowedOrigins(settings.allowedOrigins);
  app.enableCors({
    origin: (origin, answer) => {
      // Vary: even where the origin is not allowed, the answer depends on it.
      answer(null, origin !== undefined && allowed.has(origin) ? true : []);
    },
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ALLOWED_HEADERS,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  });
}
