import { statSync } from 'node:fs';

/** Identifies a file, whatever its name. */
export interface FileIdentity {
  readonly dev: number;
  readonly ino: number;
}

/** The database file is no longer under its name: what is written now would be lost. */
export class DatabaseGone extends Error {
  readonly code = 'DATABASE_GONE';

  /** @param isInDoubt detected after a commit */
  constructor(
    file: string,
    readonly isInDoubt = false,
  ) {
    super(
      `${file} was removed, moved or replaced while it was open; ` +
        'put it back, or stop the service and restore a backup',
    );
  }
}

/** @returns null where there is no such file */
export function identityOf(file: string): FileIdentity | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? null : { dev: stats.dev, ino: stats.ino };
}

/**
 * Detects that the database or its write-ahead log, which holds the latest commits, was removed or
 * replaced. SQLite itself goes on writing into an unlinked file. A check takes microseconds.
 */
export class FileWatch {
  /** Created by SQLite, later than the file. */
  private log: FileIdentity | null = null;
  private readonly logFile: string;

  constructor(
    private readonly file: string,
    private readonly identity: FileIdentity,
  ) {
    this.logFile = `${file}-wal`;
  }

  /** @throws {DatabaseGone} @param isInDoubt something was committed just now */
  check(isInDoubt = false): void {
    if (!isSame(identityOf(this.file), this.identity)) throw new DatabaseGone(this.file, isInDoubt);
    const log = identityOf(this.logFile);
    this.log ??= log;
    if (this.log !== null && !isSame(log, this.log))
      throw new DatabaseGone(this.logFile, isInDoubt);
  }
}

function isSame(one: FileIdentity | null, other: FileIdentity): boolean {
  return one?.ino === other.ino && one.dev === other.dev;
}
