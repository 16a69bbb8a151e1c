import type { Logger } from '@nestjs/common';
import { Refusal } from './refusal.js';

/** Where something failed, and how it is told if it is a defect of the service. */
export interface Failing {
  readonly logger: Logger;
  /** What the line in the log is called. */
  readonly event: string;
  /** What else the line says: under which id to look for it. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Whether the client may try again, unchanged, after a defect. */
  readonly retryable?: boolean;
}

/**
 * What a request is answered with that failed: the refusal that was thrown, or `internal` for
 * anything else. A defect of the service leaves one line in the log, and nothing of it the service.
 */
export function toRefusal(error: unknown, failing: Failing): Refusal {
  if (error instanceof Refusal && error.code !== 'internal') return error;
  const { logger, event, fields, retryable } = failing;
  logger.error({ event, ...fields, error });
  if (error instanceof Refusal) return error;
  return new Refusal('internal', retryable === undefined ? {} : { retryable });
}
