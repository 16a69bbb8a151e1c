import { type Kysely, type Migration, sql } from 'kysely';
import type { Schema, SqlDialect } from '../schema.js';

/**
 * When a guest was last here, when one went, and who has written nothing. Existing guests count as
 * having been here now, and all existing accounts as having written.
 */
export function guestsThatGo(dialect: SqlDialect): Migration {
  return {
    up: async (connection: Kysely<Schema>) => {
      const users = () => connection.schema.alterTable('users');
      await users().addColumn('seen_at', 'bigint').execute();
      await users().addColumn('gone_at', 'bigint').execute();
      // During a rolling upgrade an older version creates accounts without this column.
      await users()
        .addColumn('has_written', 'bigint', (column) => column.notNull().defaultTo(1))
        .execute();
      await connection
        .updateTable('users')
        .set({ seen_at: Date.now() })
        .where('password_hash', 'is', null)
        .execute();
      const index = (name: string) => connection.schema.createIndex(name).on('users');
      await index('users_guests')
        .expression(sql`coalesce(seen_at, created_at)`)
        .where(sql`password_hash`, 'is', null)
        .where(sql`gone_at`, 'is', null)
        .execute();
      await index('users_gone')
        .column('gone_at')
        .where(sql`gone_at`, 'is not', null)
        .where(sql`has_written`, '=', sql`0`)
        .execute();
      if (dialect === 'sqlite') return;
      // The other side has a row of its own, whose `person_id` is checked already, so this
      // reference adds nothing; without an index it would cost a scan of all rows per account.
      await sql`
        alter table direct_members drop constraint if exists direct_members_peer_id_fkey`.execute(
        connection,
      );
    },
  };
}
