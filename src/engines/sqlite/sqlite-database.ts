import { Kysely } from 'kysely';
import { Refusal } from '../../kernel/refusal.js';
import { StartFailure } from '../../kernel/start-failure.js';
import { migrate } from '../sql/migrate.js';
import type { Schema } from '../sql/schema.js';
import { DataFolder } from './data-folder.js';
import { DatabaseThread } from './database-thread.js';
import { unavailable } from './failures.js';
import { type OpenTransaction, type SqlConnections, SqliteDialect } from './sqlite-dialect.js';
import type {
  DraftRow,
  MarkRow,
  RowOutcome,
  Statement,
  StatementResult,
} from './thread-protocol.js';
import { WriterGate } from './writer-gate.js';

/**
 * The embedded database: one writer thread and one reader thread, so that neither a sync nor a long
 * read blocks the event loop or the other. Every failure is a {@link Refusal}.
 */
export class SqliteDatabase implements SqlConnections {
  /** For queries without a command of their own. */
  readonly queries: Kysely<Schema>;
  private readonly folder: DataFolder;
  private readonly writer: DatabaseThread;
  private readonly reader: DatabaseThread;
  private readonly gate = new WriterGate();
  private closed: Promise<void> | null = null;

  constructor(dataDir: string) {
    this.folder = new DataFolder(dataDir);
    const { folder } = this;
    const threadFor = (role: 'writer' | 'reader') =>
      new DatabaseThread(role, folder.databaseFile, () => folder.databaseIdentity);
    this.writer = threadFor('writer');
    this.reader = threadFor('reader');
    this.queries = new Kysely<Schema>({ dialect: new SqliteDialect(this) });
  }

  /** @throws StartFailure where the folder is in use, or the database is foreign or damaged */
  async open(): Promise<void> {
    this.folder.claim();
    try {
      await Promise.all([this.writer.start(), this.reader.start()]);
      await migrate(this.queries, 'sqlite');
    } catch (error) {
      await this.close();
      throw new StartFailure(
        `${this.folder.databaseFile} (in DATA_DIR) cannot be used (${reasonOf(error)}): put a backup ` +
          'in its place, or move it away to begin anew',
        { cause: error },
      );
    }
  }

  append(rows: readonly DraftRow[]): Promise<readonly RowOutcome[]> {
    return this.write(() => this.writer.request({ op: 'append', rows }));
  }

  async mark(rows: readonly MarkRow[]): Promise<void> {
    await this.write(() => this.writer.request({ op: 'mark', rows }));
  }

  /** Deletes those of these accounts that went and left nothing. @returns how many */
  remove(ids: readonly string[]): Promise<number> {
    return this.write(() => this.writer.request({ op: 'remove', ids }));
  }

  run(statement: Statement): Promise<StatementResult> {
    return this.write(() => this.writer.request({ op: 'run', ...statement }));
  }

  /** The same without a sync of its own: what a crash may set back. */
  runUnsynced(statement: Statement): Promise<StatementResult> {
    return this.write(() => this.writer.request({ op: 'run-unsynced', ...statement }));
  }

  read(statement: Statement): Promise<StatementResult> {
    return this.reader.request({ op: 'run', ...statement });
  }

  async begin(): Promise<OpenTransaction> {
    if (this.closed !== null) throw stopping();
    await this.gate.enter();
    const { generation } = this.writer;
    try {
      await this.writer.request({ op: 'begin' });
    } catch (error) {
      this.gate.leave();
      throw error;
    }
    return this.transaction(generation);
  }

  /** Finishes pending work; from then on everything rejects. */
  close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  private async finish(): Promise<void> {
    await this.gate.enter();
    // The last connection to close checkpoints the write-ahead log: let it be the writer.
    try {
      await this.reader.close();
      await this.writer.close();
    } finally {
      this.folder.release();
    }
  }

  private write<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.closed === null ? this.gate.pass(work) : Promise.reject(stopping());
  }

  private transaction(generation: number): OpenTransaction {
    const { writer, gate } = this;
    const step = <Result>(work: () => Promise<Result>) =>
      writer.generation === generation ? work() : Promise.reject(unavailable());
    return {
      run: (statement) => step(() => writer.request({ op: 'step', ...statement })),
      commit: async () => {
        await step(() => writer.request({ op: 'commit' }));
        gate.leave();
      },
      rollback: async () => {
        try {
          // A transaction whose connection is gone is rolled back already.
          if (writer.generation === generation) await writer.request({ op: 'rollback' });
        } finally {
          gate.leave();
        }
      },
    };
  }
}

/** A refusal says nothing of its cause; its `cause` does. */
function reasonOf(error: unknown): string {
  const { cause } = error as { readonly cause?: unknown };
  const reason = error instanceof Refusal && cause instanceof Error ? cause : error;
  return reason instanceof Error ? reason.message : String(reason);
}

function stopping(): Refusal {
  return new Refusal('stopping');
}
