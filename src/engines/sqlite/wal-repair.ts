import type { SqliteConnection } from './drivers/sqlite-driver.js';
import { toFailure } from './thread-port.js';

/**
 * Whether what SQLite's log holds can be relied upon.
 *
 * The kernel reports a failed sync once, and takes the pages for written from then on: the next
 * sync succeeds, whatever the disk holds. So after any failure of the disk nothing is written
 * before the log's whole content was copied to the database and synced there, and the log begun
 * anew. docs/decisions/0012 says more.
 */
export class LogTrust {
  private isLost = false;

  constructor(private readonly connection: SqliteConnection) {}

  /** Takes notice of what went wrong on the connection. */
  heed(error: unknown): void {
    if (toFailure(error).code.startsWith('SQLITE_IOERR')) this.isLost = true;
  }

  /** Resolves the doubt, where there is one. @throws where the disk fails on */
  restore(): void {
    if (!this.isLost) return;
    // The first that it tells is whether somebody stood in the way.
    if (this.connection.pragma('wal_checkpoint(truncate)') !== 0) throw new LogInUse();
    this.isLost = false;
  }
}

/** Somebody reads from the log for longer than a statement waits. */
class LogInUse extends Error {
  readonly code = 'SQLITE_BUSY_RECOVERY';
}
