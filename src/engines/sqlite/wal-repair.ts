import type { SqliteConnection } from './drivers/sqlite-driver.js';
import { toFailure } from './thread-port.js';

/**
 * Whether the content of SQLite's write-ahead log can be relied upon.
 *
 * The kernel reports a failed fsync once, and from then on treats the pages as written: the next
 * fsync succeeds, whatever is on the disk. So after any I/O error nothing is written until a
 * checkpoint has copied the whole log into the database, synced it there, and truncated the log
 * (docs/decisions/0012).
 */
export class WalRepair {
  private isLost = false;

  constructor(private readonly connection: SqliteConnection) {}

  /** Takes note of an error on the connection. */
  heed(error: unknown): void {
    if (toFailure(error).code.startsWith('SQLITE_IOERR')) this.isLost = true;
  }

  /** Restores trust in the log, where it was lost. @throws where the disk keeps failing */
  restore(): void {
    if (!this.isLost) return;
    // Its first column says whether another connection blocked it.
    if (this.connection.pragma('wal_checkpoint(truncate)') !== 0) throw new WalInUse();
    this.isLost = false;
  }
}

/** Another connection reads from the log for longer than a statement waits. */
class WalInUse extends Error {
  readonly code = 'SQLITE_BUSY_RECOVERY';
}
