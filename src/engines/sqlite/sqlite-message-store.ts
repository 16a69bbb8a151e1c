import type { Draft } from '../../chat/log/event.js';
import type { Appended, DeliveredMark } from '../../chat/log/message-store.js';
import { SqlMessageStore } from '../sql/sql-message-store.js';
import { PendingDirects } from './pending-directs.js';
import type { SqliteDatabase } from './sqlite-database.js';
import type { RowOutcome } from './thread-protocol.js';

export class SqliteMessageStore extends SqlMessageStore {
  private readonly pending: PendingDirects;

  constructor(private readonly database: SqliteDatabase) {
    super(database.queries);
    const { reader } = this;
    this.pending = new PendingDirects({
      ofAll: (limit) => reader.allUndelivered(limit),
      of: (people) => reader.undelivered(people),
    });
  }

  override async append(batch: readonly Draft[]): Promise<readonly Appended[]> {
    const outcomes = await this.write(batch);
    return batch.map(({ id, time }, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) throw new Error('A draft got no answer');
      if (typeof outcome !== 'number') return outcome;
      return { status: 'stored', receipt: { id, seq: outcome, time } };
    });
  }

  override undelivered(people: readonly string[]): Promise<ReadonlySet<string>> {
    return this.pending.among(people);
  }

  override markDelivered(marks: readonly DeliveredMark[]): Promise<void> {
    return this.database.mark(
      marks.map(({ personId, conversation, seq }) => [personId, conversation, seq]),
    );
  }

  private async write(batch: readonly Draft[]): Promise<readonly RowOutcome[]> {
    try {
      return await this.database.append(
        batch.map(({ conversation, id, time, author, text, ref }) => [
          conversation,
          id,
          time,
          author.id,
          text,
          ref,
        ]),
      );
    } finally {
      // Also where it rejects: a thread that died may have committed.
      for (const { conversation } of batch) this.pending.note(conversation);
    }
  }
}
