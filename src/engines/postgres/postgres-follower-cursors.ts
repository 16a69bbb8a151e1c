import { type RawBuilder, sql } from 'kysely';
import { SqlFollowerCursors } from '../sql/sql-follower-cursors.js';

export class PostgresFollowerCursors extends SqlFollowerCursors {
  protected override unsynced<Row>(statement: RawBuilder<Row>): Promise<readonly Row[]> {
    return this.database.transaction().execute(async (transaction) => {
      await sql`set local synchronous_commit = off`.execute(transaction);
      return (await statement.execute(transaction)).rows;
    });
  }
}
