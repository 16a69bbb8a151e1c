import { type Kysely, type Migration, sql } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT } from './text-type.js';

/**
 * How far people have read. What some device received of private conversations before counts as
 * read: nobody comes back to years of unread messages.
 */
export function readMarks(dialect: SqlDialect): Migration {
  return {
    up: async (connection: Kysely<unknown>) => {
      const { schema } = connection;
      await schema
        .createTable('read_marks')
        .addColumn('person_id', TEXT[dialect], (column) =>
          column.notNull().references('users.id').onDelete('cascade'),
        )
        .addColumn('conversation_id', 'bigint', (column) =>
          column.notNull().references('conversations.id'),
        )
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('time', 'bigint', (column) => column.notNull().defaultTo(0))
        .addColumn('set_back_at', 'bigint', (column) => column.notNull().defaultTo(0))
        .addPrimaryKeyConstraint('read_marks_key', ['person_id', 'conversation_id'])
        .execute();
      // Who has read a message is asked by conversation, in the order of people.
      await schema
        .createIndex('read_marks_conversation')
        .on('read_marks')
        .columns(['conversation_id', 'person_id'])
        .execute();
      await sql`
        insert into read_marks (person_id, conversation_id, seq)
        select person_id, conversation_id, delivered from direct_members
        where delivered > 0`.execute(connection);
    },
  };
}
