import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { folderFailure, StartFailure } from '../../kernel/start-failure.js';
import { openDatabase } from './drivers/choose-driver.js';
import type { SqliteConnection } from './drivers/sqlite-driver.js';
import type { FileIdentity } from './file-watch.js';

const OWNER_ONLY = 0o600;
const FOR_OTHERS = 0o077;

/**
 * The folder of the embedded database, locked for this service alone.
 *
 * The lock is SQLite's, on a file of its own: the system releases it when the process ends, however
 * it ends. A PID file would survive a kill, and a container's process 1 would be mistaken for the
 * previous one.
 */
export class DataFolder {
  private lock: SqliteConnection | null = null;
  private identity: FileIdentity | null = null;

  constructor(private readonly path: string) {}

  get databaseFile(): string {
    return join(this.path, 'parley.db');
  }

  /** The index of messages, made of what the database holds. */
  get searchFile(): string {
    return join(this.path, 'search.db');
  }

  /** Identity of the claimed database file. */
  get databaseIdentity(): FileIdentity {
    if (this.identity === null) throw new Error('The data folder is not claimed');
    return this.identity;
  }

  /**
   * Creates the folder where it is missing.
   * @throws StartFailure where another service holds it, or it is not writable
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

  /** Creates the file of the index where it is missing. The folder is claimed before. */
  makeSearchFile(): FileIdentity {
    return makeFile(this.searchFile);
  }

  /** Nobody may have it open. */
  removeSearchFile(): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.searchFile + suffix, { force: true });
  }

  release(): void {
    this.lock?.close();
    this.lock = null;
  }
}

/**
 * Readable by its owner alone, even if an earlier version made it: whoever can read it can lock it,
 * and so keep the service from starting. An existing file is not opened: closing it would release
 * the lock of a service in this very process.
 */
function makeLockFile(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) makeFile(file);
  else if ((stats.mode & FOR_OTHERS) !== 0 && stats.uid === process.getuid?.()) {
    chmodSync(file, OWNER_ONLY);
  }
}

/**
 * Creates the file where it is missing. SQLite would make it readable for everybody; the WAL and
 * its index inherit its mode.
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
