import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Statement, StatementResult } from './thread-protocol.js';

/** An open transaction on the writer's connection. */
export interface OpenTransaction {
  run(statement: Statement): Promise<StatementResult>;
  /** Rejects where nothing of the transaction is stored; it must then be rolled back. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** Where the queries run. */
export interface SqlConnections {
  /** A read-only statement. */
  read(statement: Statement): Promise<StatementResult>;
  /** A single writing statement, outside of any transaction. */
  run(statement: Statement): Promise<StatementResult>;
  begin(): Promise<OpenTransaction>;
}

/** Runs Kysely's queries on the database threads. */
export class SqliteDialect implements Dialect {
  constructor(private readonly connections: SqlConnections) {}

  createDriver(): Driver {
    return new ThreadDriver(this.connections);
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }

  createIntrospector(queries: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(queries);
  }
}

/** SQLite's DDL is transactional: an interrupted migration leaves nothing. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class ThreadDriver implements Driver {
  constructor(private readonly connections: SqlConnections) {}

  async init(): Promise<void> {
    // The engine opens and closes the database.
  }

  acquireConnection(): Promise<ThreadConnection> {
    return Promise.resolve(new ThreadConnection(this.connections));
  }

  beginTransaction(connection: ThreadConnection): Promise<void> {
    return connection.begin();
  }

  commitTransaction(connection: ThreadConnection): Promise<void> {
    return connection.commit();
  }

  rollbackTransaction(connection: ThreadConnection): Promise<void> {
    return connection.rollback();
  }

  async releaseConnection(): Promise<void> {
    // Nothing is held outside of a transaction.
  }

  async destroy(): Promise<void> {
    // As with `init`.
  }
}

/** Selects go to the reader, everything else and whole transactions to the writer. */
class ThreadConnection implements DatabaseConnection {
  private transaction: OpenTransaction | null = null;

  constructor(private readonly connections: SqlConnections) {}

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = await this.execute(query);
    return { rows: JSON.parse(rows) as Row[], numAffectedRows: BigInt(changes) };
  }

  streamQuery(): never {
    throw new Error('Read page by page: a cursor would hold the thread that reads');
  }

  async begin(): Promise<void> {
    this.transaction = await this.connections.begin();
  }

  async commit(): Promise<void> {
    await this.transaction?.commit();
    this.transaction = null;
  }

  async rollback(): Promise<void> {
    const { transaction } = this;
    this.transaction = null;
    await transaction?.rollback();
  }

  private execute({ sql, parameters, query }: CompiledQuery) {
    if (this.transaction !== null) return this.transaction.run({ sql, parameters });
    return SelectQueryNode.is(query)
      ? this.connections.read({ sql, parameters })
      : this.connections.run({ sql, parameters });
  }
}
