import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { folderFailure, StartFailure } from '../../kernel/start-failure.js';
import { openDatabase } from './drivers/choose-driver.js';
import type { SqliteConnection } from './drivers/sqlite-driver.js';
import type { FileIdentity } from './file-watch.js';

const OWNER_ONLY = 0o600;
const FOR_OTHERS = 0o077;

/**
 * The folder that holds the embedded database, claimed for this service alone.
 *
 * The claim is a lock that SQLite holds on a file of its own: the system takes it back when the
 * process ends, however it ends. A file with a process id in it would outlive a kill, and mistake
 * a container's process 1 for the one before.
 */
export class DataFolder {
  private lock: SqliteConnection | null = null;
  private identity: FileIdentity | null = null;

  constructor(private readonly path: string) {}

  get databaseFile(): string {
    return join(this.path, 'parley.db');
  }

  /** Of the file that was claimed. */
  get databaseIdentity(): FileIdentity {
    if (this.identity === null) throw new Error('The data folder is not claimed');
    return this.identity;
  }

  /**
   * Makes the folder where it is missing.
   * @throws StartFailure where another service holds it, or it cannot be written
   */
  claim(): void {
    try {
      this.take();
    } catch (error) {
      throw folderFailure(error, this.path, 'DATA_DIR');
    }
  }

  private take(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const lockFile = join(this.path, 'parley.lock');
    makeLockFile(lockFile);
    const lock = openDatabase(lockFile);
    try {
      lock.exec('begin exclusive');
    } catch (cause) {
      lock.close();
      const taken = (cause as { code?: unknown }).code === 'SQLITE_BUSY';
      if (!taken) throw cause;
      throw new StartFailure(
        `The data folder ${this.path} is in use by another service: stop that one, or set DATA_DIR`,
        { cause },
      );
    }
    this.lock = lock;
    this.identity = makeFile(this.databaseFile);
  }

  release(): void {
    this.lock?.close();
    this.lock = null;
  }
}

/**
 * For its owner alone, also where an earlier version made it: whoever may read it may hold a lock on
 * it, and so keep the service from starting. It is not opened where it is there: to close it again
 * would give back the lock of a service in this very process.
 */
function makeLockFile(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) makeFile(file);
  else if ((stats.mode & FOR_OTHERS) !== 0 && stats.uid === process.getuid?.()) {
    chmodSync(file, OWNER_ONLY);
  }
}

/**
 * Makes the file where it is missing. SQLite would make it readable for everybody; a database's log
 * and index take over its mode.
 */
function makeFile(file: string): FileIdentity {
  const descriptor = openSync(file, 'a', OWNER_ONLY);
  try {
    const { dev, ino } = fstatSync(descriptor);
    return { dev, ino };
  } finally {
    closeSync(descriptor);
  }
}
