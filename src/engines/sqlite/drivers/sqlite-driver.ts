/** A driver for SQLite, whichever package provides it. */
export interface SqliteDriver {
  /** The package or module it comes from. */
  readonly name: string;

  /**
   * Opens a database file, and creates it where it is missing. Waits for no lock.
   * @throws {Error} with SQLite's `code`, as all that follows does
   */
  open(file: string, how?: { readonly readonly?: boolean }): SqliteConnection;
}

/**
 * A connection to a database file. SQLite's errors are thrown as an Error whose `code` is the name
 * of the result code (`SQLITE_BUSY`, `SQLITE_IOERR_FSYNC`) and whose message names tables and
 * columns, never values.
 */
export interface SqliteConnection {
  readonly open: boolean;
  /** Whether a transaction is open; SQLite may roll one back by itself, if it has to. */
  readonly inTransaction: boolean;

  /** Runs statements that return no rows. */
  exec(sql: string): unknown;

  /** Compiles one statement, which is valid while the connection is open. */
  prepare<Parameters extends readonly unknown[] = readonly unknown[], Row = unknown>(
    sql: string,
  ): SqliteStatement<Parameters, Row>;

  /** @returns the first column of the first row; undefined where there is none */
  pragma(text: string): unknown;

  close(): void;
}

/**
 * Parameters by position, or one object of named ones. Integers are returned as numbers: store none
 * beyond 2^53.
 */
export interface SqliteStatement<Parameters extends readonly unknown[], Row> {
  /** Whether it returns rows. */
  readonly reader: boolean;
  run(...parameters: Parameters): { readonly changes: number; readonly lastInsertRowid: unknown };
  get(...parameters: Parameters): Row | undefined;
  all(...parameters: Parameters): Row[];
}
