import pg from 'pg';
import { Refusal } from '../../kernel/refusal.js';
import type { OutageLog } from '../sql/outage-log.js';
import { TransactionUndone } from '../sql/transact.js';

/**
 * What a failure means: the connection is broken; the server is out of service for now; it rolled a
 * transaction back because of a conflict; or the statement is wrong.
 */
export type Kind = 'connection' | 'outage' | 'undone' | 'defect';

/** SQLSTATE, or its class. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CONNECTION = /^(08|57P0|25006|25P03)/;
const OUTAGE = /^(28|3D|53|55|57|58|F0|XX)/;
const UNDONE = '40';

/** Classes whose messages are safe to log: they speak of the server's state, never of values. */
const SPEAKS_OF_SERVER = /^(08|25006|28|3D|53|55P03|57|58)/;

/** Transient: starting up, shutting down, full, or not the primary yet. */
const PASSES = /^(08|25006|40|53|57P0)/;
const NETWORK =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|ENOENT|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;
/** The driver's own messages for a connection that ended or timed out. */
const ENDED = /^(Connection terminated|timeout )/;

/** Whether a failed connection may succeed later, with nothing changed on our side. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(mayPass);
  const { code } = error as { code?: unknown };
  if (typeof code === 'string')
    return (error instanceof pg.DatabaseError ? PASSES : NETWORK).test(code);
  return ENDED.test(error.message) || mayPass(error.cause);
}

export function kindOf(error: unknown): Kind {
  // The driver's own errors have no code, network errors one of Node's.
  if (!(error instanceof pg.DatabaseError)) {
    return error instanceof TypeError || error instanceof RangeError ? 'defect' : 'connection';
  }
  const { code = '', severity } = error;
  if (code.startsWith(UNDONE)) return 'undone';
  if (CONNECTION.test(code)) return 'connection';
  if (OUTAGE.test(code)) return severity === 'FATAL' ? 'connection' : 'outage';
  return 'defect';
}

/** Why something failed, without any value or name. */
export function causeOf(error: unknown): string {
  if (error instanceof pg.DatabaseError) {
    const { code = 'unknown', message, constraint } = error;
    if (SPEAKS_OF_SERVER.test(code)) return `${code}: ${message}`;
    return constraint === undefined ? code : `${code} at ${constraint}`;
  }
  if (error instanceof AggregateError) return error.errors.map(causeOf).join('; ');
  return error instanceof Error ? error.message : 'unknown';
}

/** The callers' refusal while the database does not answer. */
export function unavailable(): Refusal {
  return new Refusal('store-unavailable');
}

/** Logs the cause, and returns the refusal that may leave the store. */
export function refuse(error: unknown, log: OutageLog): Refusal {
  if (error instanceof Refusal) return error;
  const kind = kindOf(error);
  if (kind === 'undone') return new TransactionUndone();
  log.failed(causeOf(error));
  return kind === 'defect' ? new Refusal('internal') : unavailable();
}
