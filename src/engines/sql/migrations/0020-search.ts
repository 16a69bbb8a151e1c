import { type Kysely, type Migration, sql } from 'kysely';
import { TEXT } from './text-type.js';

/**
 * The index of messages on PostgreSQL. It refers to no row: that would lock a conversation's, which an
 * append holds. Without `fastupdate` each batch pays for itself, and no search for what others left.
 */
export function search(): Migration {
  return {
    up: async (connection: Kysely<unknown>) => {
      const { schema } = connection;
      await schema
        .createTable('search_messages')
        .addColumn('conversation_id', 'bigint', (column) => column.notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('time', 'bigint', (column) => column.notNull())
        .addColumn('words', sql`tsvector`, (column) => column.notNull())
        .addPrimaryKeyConstraint('search_messages_key', ['conversation_id', 'seq'])
        .execute();
      await schema
        .createIndex('search_messages_time')
        .on('search_messages')
        .columns(['time', 'conversation_id', 'seq'])
        .execute();
      await sql`create index search_messages_words on search_messages using gin (words)
        with (fastupdate = off)`.execute(connection);
      await schema
        .createTable('search_progress')
        .addColumn('id', 'bigint', (column) => column.primaryKey().notNull())
        .addColumn('phase', TEXT.postgres, (column) => column.notNull())
        .addColumn('lag_ms', 'bigint', (column) => column.notNull())
        .addColumn('told_at', 'bigint', (column) => column.notNull())
        .execute();
    },
  };
}
