import { BrokenConnection, rollback } from './connection.js';
import type { SqliteConnection } from './drivers/sqlite-driver.js';

/**
 * Deletes accounts that went and left nothing, with their dependent rows.
 *
 * To check that no event refers to such an account, SQLite would scan all events: an index for that
 * would slow every message down. `has_written` and `direct_members`, queried in the same
 * transaction, prove it instead.
 */
export function removeAccounts(connection: SqliteConnection, ids: readonly string[]): number {
  return withoutReferences(connection, () => {
    const remove = connection.prepare<[string]>(
      `delete from users where id = ? and gone_at is not null and has_written = 0
       and not exists (select 1 from direct_members where person_id = users.id)`,
    );
    const dependents = [
      `delete from refresh_tokens where session_id in (select id from sessions where user_id = ?)`,
      'delete from sessions where user_id = ?',
      'delete from familiar_addresses where user_id = ?',
      'delete from read_marks where person_id = ?',
      'delete from thread_follows where person_id = ?',
      'delete from room_members where person_id = ?',
      'delete from room_invitations where person_id = ?',
    ].map((text) => connection.prepare<[string]>(text));
    let removed = 0;
    connection.exec('begin immediate');
    try {
      for (const id of ids) {
        if (remove.run(id).changes === 0) continue;
        for (const statement of dependents) statement.run(id);
        removed += 1;
      }
      connection.exec('commit');
    } finally {
      rollback(connection);
    }
    return removed;
  });
}

function withoutReferences<Result>(connection: SqliteConnection, work: () => Result): Result {
  connection.pragma('foreign_keys = 0');
  try {
    return work();
  } finally {
    connection.pragma('foreign_keys = 1');
    if (connection.pragma('foreign_keys') !== 1) {
      // eslint-disable-next-line no-unsafe-finally -- a connection without foreign keys must not go on
      throw new BrokenConnection('References would not be checked');
    }
  }
}
