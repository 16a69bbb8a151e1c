import type { SqliteConnection } from './drivers/sqlite-driver.js';
import { removeAccounts } from './account-remover.js';
import { BrokenConnection, rollback, withoutSync } from './connection.js';
import { EventAppender } from './event-appender.js';
import type { FileWatch } from './file-watch.js';
import { WalRepair } from './wal-repair.js';
import { MarkMover } from './mark-mover.js';
import { StatementRunner } from './statement-runner.js';
import { toFailure } from './thread-port.js';
import type { Answers, Command, Failure, Reply, Request, Statement } from './thread-protocol.js';

/** What begins to write. */
const BEGINNINGS: ReadonlySet<Command['op']> = new Set([
  ...(['append', 'mark', 'remove', 'run-unsynced', 'begin'] as const),
]);

/** Commands whose answer promises that the data is on disk. */
const COMMITS: ReadonlySet<Command['op']> = new Set(['append', 'commit']);

type Single = Request & { readonly command: Statement & { readonly op: 'run' } };

/**
 * Carries out the event loop's commands on the writer's connection, in order. An answer is sent
 * once what it promises is on disk.
 */
export class Writer {
  private readonly statements;
  private readonly wal;
  // Prepared on first use: migrations create the tables through this very connection.
  private appender: EventAppender | undefined;
  private marks: MarkMover | undefined;

  constructor(
    private readonly connection: SqliteConnection,
    private readonly watch: FileWatch,
    private readonly answer: (reply: Reply) => void,
  ) {
    this.statements = new StatementRunner(connection);
    this.wal = new WalRepair(connection);
  }

  handle(requests: readonly Request[]): 'open' | 'closed' {
    let group: Single[] = [];
    for (const request of requests) {
      if (isSingle(request)) {
        group.push(request);
        continue;
      }
      this.runTogether(group);
      group = [];
      this.answer(this.attempt(request));
    }
    this.runTogether(group);
    return this.connection.open ? 'open' : 'closed';
  }

  private attempt({ id, command }: Request): Reply {
    try {
      if (BEGINNINGS.has(command.op)) this.prepare();
      const value = this.carryOut(command);
      if (COMMITS.has(command.op)) this.watch.check(true);
      return { id, value };
    } catch (error) {
      return { id, failure: this.survived(error) };
    }
  }

  private carryOut(command: Command): Answers[keyof Answers] {
    switch (command.op) {
      case 'append':
        this.appender ??= new EventAppender(this.connection);
        return this.appender.append(command.rows);
      case 'mark':
        this.marks ??= new MarkMover(this.connection);
        this.marks.move(command.rows);
        return null;
      case 'index':
        throw new Error('The index of messages has a thread of its own');
      case 'remove':
        return removeAccounts(this.connection, command.ids);
      case 'step':
        // Outside of the transaction it would commit at once what was to be rolled back with the
        // rest.
        if (!this.connection.inTransaction) throw new Error('The transaction is over');
        return this.statements.run(command);
      case 'run':
        return this.statements.run(command);
      case 'run-unsynced':
        return withoutSync(this.connection, () => this.statements.run(command));
      case 'begin':
        this.connection.exec('begin immediate');
        return null;
      case 'commit':
        this.connection.exec('commit');
        return null;
      case 'rollback':
        rollback(this.connection);
        return null;
      case 'close':
        this.connection.close();
        return null;
    }
  }

  /**
   * Group commit: one sync for all statements that wait. One that fails leaves the others alone.
   */
  private runTogether(group: readonly Single[]): void {
    if (group.length === 0) return;
    let replies: Reply[];
    try {
      this.prepare();
      this.connection.exec('begin immediate');
      replies = group.map((single) => this.runInside(single));
      this.connection.exec('commit');
      this.watch.check(true);
    } catch (error) {
      rollback(this.connection);
      const failure = this.survived(error);
      replies = group.map(({ id }) => ({ id, failure }));
    }
    for (const reply of replies) this.answer(reply);
  }

  private runInside({ id, command }: Single): Reply {
    try {
      return { id, value: this.statements.run(command) };
    } catch (error) {
      // If SQLite rolled the whole transaction back, the statements before this one are gone as
      // well.
      if (!this.connection.inTransaction) throw error;
      return { id, failure: this.survived(error) };
    }
  }

  /** Refuses to write where it would not last. */
  private prepare(): void {
    this.watch.check();
    this.wal.restore();
  }

  private survived(error: unknown): Failure {
    if (error instanceof BrokenConnection) throw error;
    this.wal.heed(error);
    return toFailure(error);
  }
}

function isSingle(request: Request): request is Single {
  return request.command.op === 'run';
}
