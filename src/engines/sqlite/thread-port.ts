import { type MessagePort, parentPort } from 'node:worker_threads';
import type { SqliteConnection } from './drivers/sqlite-driver.js';
import { FileWatch } from './file-watch.js';
import type { Failure, ThreadData } from './thread-protocol.js';

export function portOfParent(): MessagePort {
  if (parentPort === null) throw new Error('This program runs as a thread of the service');
  return parentPort;
}

export interface Opened {
  readonly connection: SqliteConnection;
  readonly watch: FileWatch;
}

/**
 * Opens the database that the service claimed. SQLite's own error messages do not reach the event
 * loop.
 */
export function opened(
  { file, identity }: ThreadData,
  open: (file: string) => SqliteConnection,
): Opened {
  const watch = new FileWatch(file, identity);
  try {
    // Checked before opening, too: SQLite would create a missing file.
    watch.check();
    const connection = open(file);
    watch.check();
    return { connection, watch };
  } catch (cause) {
    const { code, message } = toFailure(cause);
    throw new Error(`${code}: ${message}`, { cause });
  }
}

/** SQLite's code and message; for a defect of our own its message. */
export function toFailure(error: unknown): Failure {
  const { code, message, isInDoubt } = error as Partial<Record<keyof Failure, unknown>>;
  return {
    code: typeof code === 'string' ? code : 'DEFECT',
    message: typeof message === 'string' ? message : 'unknown',
    ...(isInDoubt === true && { isInDoubt }),
  };
}
