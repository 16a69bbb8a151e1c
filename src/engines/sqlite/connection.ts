import { openDatabase } from './drivers/choose-driver.js';
import type { SqliteConnection } from './drivers/sqlite-driver.js';

/** How long a statement waits for another program's lock on the file. */
const BUSY_TIMEOUT_MS = 2_000;

/** What `pragma synchronous` answers when it is FULL. */
const FULL = 2;

type Pragma = readonly [name: string, value: string | number];

const WRITER_PRAGMAS: readonly Pragma[] = [
  ['busy_timeout', BUSY_TIMEOUT_MS],
  ['journal_mode', 'wal'],
  // Without it a commit in WAL mode is not synced, and an acknowledged message could be lost.
  ['synchronous', FULL],
  ['fullfsync', 1],
  ['foreign_keys', 1],
  // What is deleted is overwritten, not only given free. Appends delete nothing, and cost the same.
  ['secure_delete', 1],
  // 16 MiB of WAL between checkpoints: a page written often is copied back only once.
  ['wal_autocheckpoint', 4_000],
  ['journal_size_limit', 67_108_864],
  // Negative: KiB.
  ['cache_size', -16_384],
];

const READER_PRAGMAS: readonly Pragma[] = [
  ['busy_timeout', BUSY_TIMEOUT_MS],
  ['query_only', 1],
  ['cache_size', -16_384],
];

/** Opens the file for writing, and creates it where it is missing. */
export function openWriter(file: string): SqliteConnection {
  return configure(openDatabase(file), WRITER_PRAGMAS);
}

export function openReader(file: string): SqliteConnection {
  return configure(openDatabase(file, { readonly: true }), READER_PRAGMAS);
}

/** SQLite ignores an unsupported pragma silently, so each is read back. */
function configure(connection: SqliteConnection, pragmas: readonly Pragma[]): SqliteConnection {
  for (const [name, value] of pragmas) {
    connection.pragma(`${name} = ${value}`);
    if (connection.pragma(name) !== value) {
      connection.close();
      throw new Error(`SQLite did not accept ${name} = ${value}`);
    }
  }
  return connection;
}

/** Only a new connection helps: the thread ends, and another one takes its place. */
export class BrokenConnection extends Error {}

/** Rolls back what is open. SQLite may have done so itself, if it had to. */
export function rollback(connection: SqliteConnection): void {
  if (!connection.inTransaction) return;
  try {
    connection.exec('rollback');
  } catch (cause) {
    throw new BrokenConnection('A transaction could not be undone', { cause });
  }
}

/** Does work whose commits are not synced; the next synced one covers them. */
export function withoutSync<Result>(connection: SqliteConnection, work: () => Result): Result {
  connection.pragma('synchronous = normal');
  try {
    return work();
  } finally {
    restoreSync(connection);
  }
}

function restoreSync(connection: SqliteConnection): void {
  try {
    connection.pragma(`synchronous = ${FULL}`);
  } catch (cause) {
    throw new BrokenConnection('Commits would not be synced', { cause });
  }
  if (connection.pragma('synchronous') !== FULL) {
    throw new BrokenConnection('Commits would not be synced');
  }
}
