import { Unanswered } from '../../chat/log/event-log.js';
import type { OutageLog } from '../sql/outage-log.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Failure } from './thread-protocol.js';

/** Failures of the database as a whole, whatever the statement. */
const OUTAGES = [
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_CANTOPEN',
  'SQLITE_READONLY',
  'SQLITE_NOMEM',
  'SQLITE_PROTOCOL',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'DATABASE_GONE',
];

/** The callers' refusal while the database does not answer. */
export function unavailable(): Refusal {
  return new Refusal('store-unavailable');
}

/** The callers' refusal when a thread died with their requests, carried out or not. */
export function unanswered(): Refusal {
  return new Unanswered();
}

/** Logs the cause, and returns the refusal that may leave the store. */
export function refuse({ code, message, isInDoubt }: Failure, log: OutageLog): Refusal {
  log.failed(`${code}: ${message}`);
  if (isInDoubt === true) return unanswered();
  const isOutage = OUTAGES.some((outage) => code === outage || code.startsWith(`${outage}_`));
  const refusal = isOutage ? unavailable() : new Refusal('internal');
  // For the failure at start; nobody else reads it.
  refusal.cause = new Error(`${code}: ${message}`);
  return refusal;
}
