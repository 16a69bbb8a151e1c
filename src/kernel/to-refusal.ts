import type { Logger } from '@nestjs/common';
import { Refusal } from './refusal.js';

/** Where something failed, and how to report it if it is a defect of the service. */
export interface Failing {
  readonly logger: Logger;
  /** The name of the log line. */
  readonly event: string;
  /** Further fields of the log line: an id to find it by. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Whether the client may retry, unchanged, after a defect. */
  readonly retryable?: boolean;
}

/**
 * The refusal that answers a failed request: the one that was thrown, or `internal` for anything
 * else. A defect is logged once; no detail reaches the client.
 */
export function toRefusal(error: unknown, failing: Failing): Refusal {
  if (error instanceof Refusal && error.code !== 'internal') return error;
  const { logger, event, fields, retryable } = failing;
  logger.error({ event, ...fields, error });
  if (error instanceof Refusal) return error;
  return new Refusal('internal', retryable === undefined ? {} : { retryable });
}
