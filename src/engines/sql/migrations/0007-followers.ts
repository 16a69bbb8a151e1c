import type { Kysely, Migration } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT } from './text-type.js';

/**
 * Who follows the log, and up to where each conversation was handled. Cursors refer to no row: on
 * PostgreSQL that would lock the conversation's, which an append holds.
 */
export function followers(dialect: SqlDialect): Migration {
  return {
    up: async ({ schema }: Kysely<unknown>) => {
      const text = TEXT[dialect];
      await schema
        .createTable('followers')
        .addColumn('name', text, (column) => column.primaryKey().notNull())
        .addColumn('is_ready', 'bigint', (column) => column.notNull())
        .addColumn('epoch', 'bigint', (column) => column.notNull())
        .addColumn('holder', text)
        .addColumn('lease_until', 'bigint', (column) => column.notNull().defaultTo(0))
        .execute();
      await schema
        .createTable('follower_cursors')
        .addColumn('follower', text, (column) => column.notNull())
        .addColumn('conversation_id', 'bigint', (column) => column.notNull())
        .addColumn('position', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('follower_cursors_key', ['follower', 'conversation_id'])
        .execute();
    },
  };
}
