import { codeName } from './result-codes.js';
import type { SqliteConnection, SqliteDriver, SqliteStatement } from './sqlite-driver.js';

/** The part of `node:sqlite` that is used. */
interface Module {
  readonly DatabaseSync: new (file: string, options: { readonly readOnly: boolean }) => Database;
}

interface Database {
  readonly isOpen: boolean;
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface Statement {
  columns(): readonly unknown[];
  setReadBigInts(enabled: boolean): void;
  run(...parameters: unknown[]): { readonly changes: unknown; readonly lastInsertRowid: unknown };
  get(...parameters: unknown[]): unknown;
  all(...parameters: unknown[]): unknown[];
}

/** Node's built-in SQLite. @throws {Error} where there is none */
export function nodeSqlite(): SqliteDriver {
  const module = quietly(() => process.getBuiltinModule('node:sqlite') as Module | undefined);
  if (module === undefined) throw new Error('this Node has none');
  const { DatabaseSync } = module;
  return {
    name: `node:sqlite of ${process.version}`,
    open: (file, { readonly = false } = {}) =>
      new NodeConnection(named(() => new DatabaseSync(file, { readOnly: readonly }))),
  };
}

/** Some Nodes warn that it is experimental. Here its fitness is proved instead. */
function quietly<Result>(load: () => Result): Result {
  const original: unknown = Reflect.get(process, 'emitWarning');
  process.emitWarning = () => undefined;
  try {
    return load();
  } finally {
    Reflect.set(process, 'emitWarning', original);
  }
}

class NodeConnection implements SqliteConnection {
  constructor(private readonly database: Database) {}

  get open(): boolean {
    return this.database.isOpen;
  }

  get inTransaction(): boolean {
    return this.database.isTransaction;
  }

  exec(sql: string): void {
    named(() => {
      this.database.exec(sql);
    });
  }

  prepare<Parameters extends readonly unknown[], Row>(
    sql: string,
  ): SqliteStatement<Parameters, Row> {
    return new NodeStatement(named(() => this.database.prepare(sql)));
  }

  pragma(text: string): unknown {
    const row = this.prepare(`pragma ${text}`).get();
    return typeof row === 'object' && row !== null ? Object.values(row)[0] : undefined;
  }

  close(): void {
    named(() => {
      this.database.close();
    });
  }
}

class NodeStatement<Parameters extends readonly unknown[], Row> implements SqliteStatement<
  Parameters,
  Row
> {
  readonly reader: boolean;

  constructor(private readonly statement: Statement) {
    this.reader = statement.columns().length > 0;
    // Full-text search numbers what it writes beyond 2^53: as a number `run` would fail, having written.
    if (!this.reader) statement.setReadBigInts(true);
  }

  run(...parameters: Parameters): { changes: number; lastInsertRowid: unknown } {
    const { changes, lastInsertRowid } = named(() => this.statement.run(...parameters));
    return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
  }

  get(...parameters: Parameters): Row | undefined {
    return named(() => this.statement.get(...parameters)) as Row | undefined;
  }

  all(...parameters: Parameters): Row[] {
    return named(() => this.statement.all(...parameters)) as Row[];
  }
}

/** SQLite's errors have a numeric code here; callers expect its name. */
function named<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && typeof error.errcode === 'number') {
      throw Object.assign(error, { code: codeName(error.errcode) });
    }
    throw error;
  }
}
