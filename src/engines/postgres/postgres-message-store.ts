import { CompiledQuery } from 'kysely';
import type { Draft } from '../../chat/log/event.js';
import type { Appended, DeliveredMark } from '../../chat/log/message-store.js';
import { SqlMessageStore } from '../sql/sql-message-store.js';
import { MOVE_MARKS } from './append-statements.js';
import type { PostgresDatabase } from './postgres-database.js';

export class PostgresMessageStore extends SqlMessageStore {
  constructor(private readonly database: PostgresDatabase) {
    super(database.queries);
  }

  override async append(batch: readonly Draft[]): Promise<readonly Appended[]> {
    return batch.length === 0 ? [] : this.database.appender.append(batch);
  }

  override async markDelivered(marks: readonly DeliveredMark[]): Promise<void> {
    if (marks.length === 0) return;
    const columns = [
      marks.map(({ personId }) => personId),
      marks.map(({ conversation }) => conversation),
      marks.map(({ seq }) => seq),
    ];
    await this.database.queries.executeQuery(CompiledQuery.raw(MOVE_MARKS, columns));
  }
}
