import { Unanswered } from '../../chat/log/event-log.js';
import type { OutageLog } from '../sql/outage-log.js';
import { Refusal } from '../../kernel/refusal.js';
import type { Failure } from './thread-protocol.js';

/** What a thread answers when it cannot do its work for now, whatever the statement. */
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

/** What callers get where the database does not answer. */
export function unavailable(): Refusal {
  return new Refusal('store-unavailable');
}

/** What callers get whose requests a thread took with it, carried out or not. */
export function unanswered(): Refusal {
  return new Unanswered();
}

/** Logs the cause, and makes of it what may leave the store. */
export function refuse({ code, message, isInDoubt }: Failure, log: OutageLog): Refusal {
  log.failed(`${code}: ${message}`);
  if (isInDoubt === true) return unanswered();
  const isOutage = OUTAGES.some((outage) => code === outage || code.startsWith(`${outage}_`));
  const refusal = isOutage ? unavailable() : new Refusal('internal');
  // For whoever starts the service; nobody else looks at it.
  refusal.cause = new Error(`${code}: ${message}`);
  return refusal;
}
