import type { Appended } from '../../chat/log/event-log.js';
import type { Draft } from '../../chat/log/event.js';
import { SqlEventLog } from '../sql/sql-event-log.js';
import type { PostgresDatabase } from './postgres-database.js';

export class PostgresEventLog extends SqlEventLog {
  constructor(private readonly database: PostgresDatabase) {
    super(database.queries);
  }

  override async append(batch: readonly Draft[]): Promise<readonly Appended[]> {
    return batch.length === 0 ? [] : this.database.appender.append(batch);
  }
}
