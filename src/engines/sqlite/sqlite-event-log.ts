import type { Appended } from '../../chat/log/event-log.js';
import type { Draft } from '../../chat/log/event.js';
import { statementsOf } from '../sql/row-changes.js';
import { SqlEventLog } from '../sql/sql-event-log.js';
import type { PendingDirects } from './pending-directs.js';
import type { SqliteDatabase } from './sqlite-database.js';
import type { DraftRow, RowOutcome } from './thread-protocol.js';

export class SqliteEventLog extends SqlEventLog {
  /** @param pending told of every append, for the marks over the same database */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly pending: PendingDirects,
  ) {
    super(database.queries);
  }

  override async append(batch: readonly Draft[]): Promise<readonly Appended[]> {
    const outcomes = await this.write(batch);
    return batch.map(({ id, time }, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error('A draft got no answer');
      if (typeof outcome === 'object' && 'status' in outcome) return outcome;
      const [seq, n] = typeof outcome === 'number' ? [outcome, outcome] : outcome;
      return { status: 'stored', receipt: { id, seq, n, time } };
    });
  }

  private async write(batch: readonly Draft[]): Promise<readonly RowOutcome[]> {
    try {
      return await this.database.append(batch.map((draft) => this.rowOf(draft)));
    } finally {
      // Even if it rejects: a thread that died may have committed.
      for (const { conversation } of batch) this.pending.note(conversation);
    }
  }

  private rowOf(draft: Draft): DraftRow {
    const { conversation, id, time, author, kind, target, body, counts, ref } = draft;
    const changes =
      draft.changes === undefined ? null : statementsOf(draft.changes, this.database.queries);
    const { fromMemberOf: memberOf = null } = draft;
    return [conversation, id, time, author.id, kind, target, body, counts, ref, changes, memberOf];
  }
}
