import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
  Injectable,
  Logger,
} from '@nestjs/common';
import { REFUSAL_CODES } from '@parley/protocol';
import type { Request, Response } from 'express';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Refusal } from '../kernel/refusal.js';
import { toRefusal } from '../kernel/to-refusal.js';
import { Tally } from '../kernel/metrics/tally.js';
import { AddressBudget } from './address-budget.js';
import { allowedMethods } from './allowed-methods.js';
import { problemOf } from './problem.js';
import { requestIdOf } from './request-id.js';
import { codeOfStatus } from './status.js';

/**
 * Answers every error as problem details (RFC 9457).
 *
 * The answer holds nothing of the request and nothing internal; a defect of the service is logged
 * once, under the id that the answer names.
 */
@Catch()
@Injectable()
export class ProblemFilter implements ExceptionFilter {
  /** Refused requests, by code. */
  readonly problems = new Tally('code', REFUSAL_CODES);
  private readonly logger = new Logger('Problem');

  constructor(
    private readonly budget: AddressBudget,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const refusal = this.budget.settle(request) ?? this.refusalOf(error, request, response);
    this.problems.count(refusal.code);
    if (response.headersSent) {
      // A partial answer must not look complete.
      response.destroy();
      return;
    }
    this.answer(refusal, response);
  }

  private refusalOf(error: unknown, request: Request, response: Response): Refusal {
    const code = codeOfStatus(statusOf(error));
    if (error instanceof Refusal || code === 'internal') {
      const fields = { request: requestIdOf(response) };
      return toRefusal(error, { logger: this.logger, event: 'request-failed', fields });
    }
    const isRouted = request.route !== undefined;
    if (code !== 'not-found' || isRouted) return new Refusal(code);
    const methods = allowedMethods(request);
    if (methods.length === 0) return new Refusal('not-found');
    response.setHeader('Allow', methods.join(', '));
    return new Refusal('method-not-allowed');
  }

  private answer(refusal: Refusal, response: Response): void {
    const { status } = refusal.rule;
    const { retryAfter } = refusal.details;
    if (retryAfter !== undefined) {
      response.setHeader('Retry-After', Math.max(1, Math.ceil(retryAfter / 1000)));
    }
    if (status === 401) response.setHeader('WWW-Authenticate', challengeOf(refusal));
    const problem = problemOf(refusal, this.settings.locale, requestIdOf(response));
    response.status(status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

/** RFC 6750: a request without a token is told of no error. */
function challengeOf(refusal: Refusal): string {
  const isTokenAtFault = !['unauthorized', 'invalid-credentials'].includes(refusal.code);
  return isTokenAtFault ? 'Bearer error="invalid_token"' : 'Bearer';
}

/** Errors of Express and its parts carry their own status. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { status } = Object(error) as { readonly status?: unknown };
  return typeof status === 'number' ? status : 500;
}
