import type { SqliteConnection, SqliteStatement } from './drivers/sqlite-driver.js';
import type { Statement, StatementResult } from './thread-protocol.js';

type Prepared = SqliteStatement<readonly unknown[], unknown>;

/** Prepared statements to cache. Few texts are in use; lists of varying length make more. */
const CAPACITY = 200;

/** Runs statements, with a cache of the most recently used ones, prepared. */
export class StatementRunner {
  private readonly prepared = new Map<string, Prepared>();

  constructor(private readonly connection: SqliteConnection) {}

  run({ sql, parameters }: Statement): StatementResult {
    const statement = this.prepare(sql);
    if (statement.reader) {
      const rows = statement.all(...parameters);
      return { rows: JSON.stringify(rows), changes: rows.length };
    }
    return { rows: '[]', changes: statement.run(...parameters).changes };
  }

  private prepare(sql: string): Prepared {
    const known = this.prepared.get(sql);
    const statement = known ?? this.connection.prepare(sql);
    this.prepared.delete(sql);
    this.prepared.set(sql, statement);
    if (this.prepared.size > CAPACITY) {
      const oldest = this.prepared.keys().next();
      if (oldest.done !== true) this.prepared.delete(oldest.value);
    }
    return statement;
  }
}
