import type { RawBuilder } from 'kysely';
import type { Claim, ClaimRequest } from '../../chat/feed/follower-cursors.js';
import { SqlFollowerCursors } from '../sql/sql-follower-cursors.js';
import type { SqliteDatabase } from './sqlite-database.js';

export class SqliteFollowerCursors extends SqlFollowerCursors {
  /** The followers whose claims were asked for since the database was opened. */
  private readonly claimed = new Set<string>();

  constructor(private readonly embedded: SqliteDatabase) {
    super(embedded.queries);
  }

  /** The database is this process's alone: a claim from before it was opened is a dead one's. */
  override async claim(request: ClaimRequest): Promise<Claim | null> {
    const { follower } = request;
    if (!this.claimed.has(follower)) {
      await this.free(follower);
      this.claimed.add(follower);
    }
    return super.claim(request);
  }

  override async remove(follower: string): Promise<void> {
    await super.remove(follower);
    this.claimed.delete(follower);
  }

  protected override async unsynced<Row>(statement: RawBuilder<Row>): Promise<readonly Row[]> {
    const { sql, parameters } = statement.compile(this.database);
    const { rows } = await this.embedded.runUnsynced({ sql, parameters });
    return JSON.parse(rows) as Row[];
  }

  private async free(follower: string): Promise<void> {
    await this.database
      .updateTable('followers')
      .set({ holder: null })
      .where('name', '=', follower)
      .execute();
  }
}
