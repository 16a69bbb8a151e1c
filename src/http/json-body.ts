import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { Settings } from '../config/settings.js';
import { Refusal } from '../kernel/refusal.js';
import { codeOfStatus } from './status.js';

const JSON_TYPE = /^application\/json *(?:; *charset="?utf-8"? *)?$/i;

/** Reads bodies of `application/json`, up to the size of the settings, and no others. */
export function useJsonBody(app: NestExpressApplication, settings: Settings): void {
  app.use(refuseOtherBodies);
  // Inflated bodies are refused: nobody's log-in is large, and a bomb would cost its inflation.
  app.useBodyParser('json', { limit: settings.limits.bodyBytes, inflate: false, strict: true });
  app.use(refuseUnreadable);
}

function refuseOtherBodies(request: Request, _response: Response, next: NextFunction): void {
  if (hasBody(request) && !JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw new Refusal('unsupported-media-type');
  }
  next();
}

/** A body of no length is none: browsers say `Content-Length: 0` with each POST without a body. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The parser's own errors hold what it could not parse. Express knows this by its four parameters. */
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
