/** A program that speaks to SQLite, whichever package brings it. */
export interface SqliteDriver {
  /** The package or module that it comes from. */
  readonly name: string;

  /**
   * Opens a database file, and makes it where it is missing. Waits for no lock.
   * @throws {Error} with SQLite's `code`, as everything does that follows
   */
  open(file: string, how?: { readonly readonly?: boolean }): SqliteConnection;
}

/**
 * A connection to a database file. Whatever SQLite refuses is thrown as an Error whose `code` is
 * the name of SQLite's result code (`SQLITE_BUSY`, `SQLITE_IOERR_FSYNC`) and whose message names
 * tables and columns, never values.
 */
export interface SqliteConnection {
  readonly open: boolean;
  /** Whether a transaction is open; SQLite ends one by itself where it has no other way. */
  readonly inTransaction: boolean;

  /** Runs statements that give no rows. */
  exec(sql: string): unknown;

  /** One statement, compiled, for as long as the connection is open. */
  prepare<Parameters extends readonly unknown[] = readonly unknown[], Row = unknown>(
    sql: string,
  ): SqliteStatement<Parameters, Row>;

  /** @returns the first column of the first row; undefined where there is none */
  pragma(text: string): unknown;

  close(): void;
}

/**
 * Parameters by position, or one object for those with names. Integers come as numbers: beyond 2^53
 * they are not to be stored.
 */
export interface SqliteStatement<Parameters extends readonly unknown[], Row> {
  /** Whether it gives rows. */
  readonly reader: boolean;
  run(...parameters: Parameters): { readonly changes: number; readonly lastInsertRowid: unknown };
  get(...parameters: Parameters): Row | undefined;
  all(...parameters: Parameters): Row[];
}
