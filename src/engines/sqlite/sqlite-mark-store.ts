import type { DeliveredMark } from '../../chat/marks/mark-store.js';
import { allUndelivered, SqlMarkStore, undeliveredAmong } from '../sql/sql-mark-store.js';
import { PendingDirects } from './pending-directs.js';
import type { SqliteDatabase } from './sqlite-database.js';

export class SqliteMarkStore extends SqlMarkStore {
  /** @param pending told of every append by the log over the same database */
  constructor(
    private readonly database: SqliteDatabase,
    private readonly pending: PendingDirects,
  ) {
    super(database.queries);
  }

  override undelivered(people: readonly string[]): Promise<ReadonlySet<string>> {
    return this.pending.among(people);
  }

  override markDelivered(marks: readonly DeliveredMark[]): Promise<void> {
    return this.database.mark(
      marks.map(({ personId, conversation, seq }) => [personId, conversation, seq]),
    );
  }
}

/** Shared by the log and the marks of one database. */
export function pendingDirectsOf({ queries }: SqliteDatabase): PendingDirects {
  return new PendingDirects({
    ofAll: (limit) => allUndelivered(queries, limit),
    of: (people) => undeliveredAmong(queries, people),
  });
}
