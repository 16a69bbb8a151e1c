import { type MessagePort, parentPort } from 'node:worker_threads';
import type { SqliteConnection } from './drivers/sqlite-driver.js';
import type { Failure } from './thread-protocol.js';

export function portOfParent(): MessagePort {
  if (parentPort === null) throw new Error('This program runs as a thread of the service');
  return parentPort;
}

/** Opens the database. SQLite's own errors lose their words on the way to the event loop. */
export function opened(open: () => SqliteConnection): SqliteConnection {
  try {
    return open();
  } catch (cause) {
    const { code, message } = toFailure(cause);
    throw new Error(`${code}: ${message}`, { cause });
  }
}

/** What SQLite said; for a defect of our own its message. */
export function toFailure(error: unknown): Failure {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return {
    code: typeof code === 'string' ? code : 'DEFECT',
    message: typeof message === 'string' ? message : 'unknown',
  };
}
