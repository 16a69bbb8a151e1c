import { type Kysely, type Migration, sql } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT, type TextType } from './text-type.js';

type Connection = Kysely<unknown>;

/**
 * What became of messages: edits, deletions, pins and threads, reactions, and whom they mention. A
 * message to which nothing has happened has no row (docs/decisions/0054).
 */
export function messageStates(dialect: SqlDialect): Migration {
  return {
    up: async (connection: Connection) => {
      const text = TEXT[dialect];
      await createStates(connection, text);
      await createEntries(connection);
      await createReactions(connection, text);
      await createMentions(connection, text);
      await createRefs(connection, text);
    },
  };
}

async function createStates({ schema }: Connection, text: TextType): Promise<void> {
  await schema
    .createTable('message_states')
    .addColumn('conversation_id', 'bigint', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('changed_seq', 'bigint', (column) => column.notNull())
    .addColumn('edited_seq', 'bigint')
    .addColumn('edited_at', 'bigint')
    .addColumn('edits', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('deleted_seq', 'bigint')
    .addColumn('deleted_by', text)
    .addColumn('counted', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('pinned_seq', 'bigint')
    .addColumn('pinned_by', text)
    .addColumn('reactions', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('thread_count', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('thread_last', 'bigint')
    .addColumn('thread_user1', text)
    .addColumn('thread_user2', text)
    .addColumn('thread_user3', text)
    .addPrimaryKeyConstraint('message_states_key', ['conversation_id', 'seq'])
    .execute();
  await schema
    .createIndex('message_states_changed')
    .on('message_states')
    .columns(['conversation_id', 'changed_seq'])
    .execute();
  await schema
    .createIndex('message_states_pinned')
    .on('message_states')
    .columns(['conversation_id', 'pinned_seq'])
    .where(sql.ref('pinned_seq'), 'is not', null)
    .execute();
  // What was deleted above a read mark is less that is unread.
  await schema
    .createIndex('message_states_gone')
    .on('message_states')
    .columns(['conversation_id', 'seq'])
    .where(sql.ref('counted'), '=', sql.lit(1))
    .execute();
}

/** Events whose bodies go with the message that they are about; and the replies in each thread. */
async function createEntries({ schema }: Connection): Promise<void> {
  for (const [table, about] of [
    ['message_entries', 'target'],
    ['thread_entries', 'root'],
  ] as const) {
    await schema
      .createTable(table)
      .addColumn('conversation_id', 'bigint', (column) => column.notNull())
      .addColumn(about, 'bigint', (column) => column.notNull())
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint(`${table}_key`, ['conversation_id', about, 'seq'])
      .execute();
  }
}

async function createReactions({ schema }: Connection, text: TextType): Promise<void> {
  await schema
    .createTable('message_reactions')
    .addColumn('conversation_id', 'bigint', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('key', text, (column) => column.notNull())
    .addColumn('person_id', text, (column) => column.notNull())
    .addColumn('at_seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('message_reactions_key', [
      ...(['conversation_id', 'seq', 'key', 'person_id'] as const),
    ])
    .execute();
}

/** One row for each person; a mention of everybody is one row. */
async function createMentions({ schema }: Connection, text: TextType): Promise<void> {
  await schema
    .createTable('mentions')
    .addColumn('person_id', text, (column) => column.notNull())
    .addColumn('conversation_id', 'bigint', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('mentions_key', ['person_id', 'conversation_id', 'seq'])
    .execute();
  await schema
    .createIndex('mentions_message')
    .on('mentions')
    .columns(['conversation_id', 'seq'])
    .execute();
  await schema
    .createTable('mentions_of_all')
    .addColumn('conversation_id', 'bigint', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('author_id', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('mentions_of_all_key', ['conversation_id', 'seq'])
    .execute();
}

/** Refs that stand for a part of an event: one reaction of several. */
async function createRefs({ schema }: Connection, text: TextType): Promise<void> {
  await schema
    .createTable('part_refs')
    .addColumn('ref', text, (column) => column.notNull())
    .addColumn('author_id', text, (column) => column.notNull())
    .addColumn('conversation_id', 'bigint', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('digest', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('part_refs_key', ['ref', 'author_id'])
    .execute();
}
