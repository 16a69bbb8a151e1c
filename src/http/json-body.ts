import type { IncomingMessage } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Settings } from '../config/settings.js';
import { Refusal } from '../kernel/refusal.js';
import { codeOfStatus } from './status.js';

const JSON_TYPE = /^application\/json *(?:; *charset="?utf-8"? *)?$/i;

/**
 * Reads bodies of `application/json`, up to the size in the settings, and no others.
 * @param isLeft tells requests whose bodies are left to their handlers
 */
export function useJsonBody(
  app: NestExpressApplication,
  settings: Settings,
  isLeft: (request: IncomingMessage) => boolean,
): void {
  app.use(refuseOtherBodies(isLeft));
  // Compressed bodies are refused: no log-in is large, and a zip bomb would cost its inflation.
  app.useBodyParser('json', {
    // Whatever is JSON: what is no object is refused where it is none of what the call takes.
    ...{ limit: settings.limits.bodyBytes, inflate: false, strict: false },
    type: (request: IncomingMessage) => !isLeft(request) && isJson(request),
  });
  app.use(refuseUnreadable);
}

function refuseOtherBodies(isLeft: (request: IncomingMessage) => boolean): RequestHandler {
  return (request, _response, next) => {
    if (hasBody(request) && !isJson(request) && !isLeft(request)) {
      throw new Refusal('unsupported-media-type');
    }
    next();
  };
}

function isJson({ headers }: IncomingMessage): boolean {
  return JSON_TYPE.test(headers['content-type'] ?? '');
}

/** An empty body is none: browsers send `Content-Length: 0` with each POST without a body. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * The parser's own errors echo what it could not parse. Express tells this by its four parameters.
 */
function refuseUnreadable(
  error: { readonly status?: number },
  _request: Request,
  _response: Response,
  next: NextFunction,
): void {
  if (error instanceof Refusal) {
    next(error);
    return;
  }
  const code = codeOfStatus(error.status ?? 500);
  next(code === 'internal' ? error : new Refusal(code === 'bad-request' ? 'invalid-body' : code));
}
