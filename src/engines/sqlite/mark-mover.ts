import type { SqliteConnection } from './drivers/sqlite-driver.js';
import { rollback, withoutSync } from './connection.js';
import type { MarkRow } from './thread-protocol.js';

/** Moves delivery marks forward. */
export class MarkMover {
  private readonly update;

  constructor(private readonly connection: SqliteConnection) {
    this.update = connection.prepare<[{ person: string; key: string; seq: number }]>(
      `update direct_members set delivered = :seq
       where person_id = :person and delivered < :seq
         and conversation_id = (select id from conversations where key = :key)`,
    );
  }

  /**
   * Commits without a sync of its own: marks are many, and one that a power loss reverts only
   * repeats a message. The next append's sync covers whatever precedes it in the write-ahead log.
   */
  move(rows: readonly MarkRow[]): void {
    withoutSync(this.connection, () => {
      this.connection.exec('begin immediate');
      try {
        for (const [person, key, seq] of rows) this.update.run({ person, key, seq });
        this.connection.exec('commit');
      } finally {
        rollback(this.connection);
      }
    });
  }
}
