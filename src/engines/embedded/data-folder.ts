import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from './drivers/choose-driver.js';
import type { SqliteConnection } from './drivers/sqlite-driver.js';

/**
 * The folder that holds the embedded database, claimed for this service alone.
 *
 * The claim is a lock that SQLite holds on a file of its own: the system takes it back when the
 * process ends, however it ends. A file with a process id in it would outlive a kill, and mistake
 * a container's process 1 for the one before.
 */
export class DataFolder {
  private lock: SqliteConnection | null = null;

  constructor(private readonly path: string) {}

  get databaseFile(): string {
    return join(this.path, 'parley.db');
  }

  /** Makes the folder where it is missing. @throws where another service holds it */
  claim(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const lock = openDatabase(join(this.path, 'parley.lock'));
    try {
      lock.exec('begin exclusive');
    } catch (cause) {
      lock.close();
      const taken = (cause as { code?: unknown }).code === 'SQLITE_BUSY';
      if (!taken) throw cause;
      throw new Error(`The data folder ${this.path} is in use by another service`, { cause });
    }
    this.lock = lock;
    // SQLite would make it readable for everybody; its log and index take over the mode.
    closeSync(openSync(this.databaseFile, 'a', 0o600));
  }

  release(): void {
    this.lock?.close();
    this.lock = null;
  }
}
