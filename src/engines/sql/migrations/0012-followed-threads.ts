import { type Kysely, type Migration, sql } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT } from './text-type.js';

type Connection = Kysely<unknown>;

/**
 * Who follows a thread, and how far each has read it. Replies get a number in their thread, and those
 * that were deleted a note; what was said before counts as read (docs/decisions/0055).
 */
export function followedThreads(dialect: SqlDialect): Migration {
  return {
    up: async (connection: Connection) => {
      await addNumbers(connection);
      await connection.schema
        .createTable('thread_follows')
        .addColumn('person_id', TEXT[dialect], (column) => column.notNull())
        .addColumn('conversation_id', 'bigint', (column) => column.notNull())
        .addColumn('root', 'bigint', (column) => column.notNull())
        .addColumn('seq', 'bigint', (column) => column.notNull())
        .addColumn('is_followed', 'bigint', (column) => column.notNull())
        .addColumn('time', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('thread_follows_key', ['person_id', 'conversation_id', 'root'])
        .execute();
      // Of somebody's threads those that were touched last are kept.
      await connection.schema
        .createIndex('thread_follows_time')
        .on('thread_follows')
        .columns(['person_id', 'time'])
        .execute();
      await numberReplies(connection);
      await letPeopleFollow(connection);
    },
  };
}

async function addNumbers({ schema }: Connection): Promise<void> {
  for (const [table, name] of [
    ['message_states', 'thread_n'],
    ['thread_entries', 'ordinal'],
    ['thread_entries', 'gone'],
  ] as const) {
    await schema
      .alterTable(table)
      .addColumn(name, 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
  }
  // What was deleted above a mark is less that is unread.
  await schema
    .createIndex('thread_entries_gone')
    .on('thread_entries')
    .columns(['conversation_id', 'root', 'seq'])
    .where(sql.ref('gone'), '=', sql.lit(1))
    .execute();
}

/** A reply that stands in its thread alone is one more that does not count in the conversation. */
async function numberReplies(connection: Connection): Promise<void> {
  await sql`
    update thread_entries set ordinal = numbered.ordinal
    from (
      select entry.conversation_id, entry.seq,
        sum(reply.uncounted - before.uncounted) over (
          partition by entry.conversation_id, entry.root order by entry.seq) as ordinal
      from thread_entries as entry
      join events as reply
        on reply.conversation_id = entry.conversation_id and reply.seq = entry.seq
      join events as before
        on before.conversation_id = entry.conversation_id and before.seq = entry.seq - 1
    ) as numbered
    where thread_entries.conversation_id = numbered.conversation_id
      and thread_entries.seq = numbered.seq`.execute(connection);
  await sql`
    update thread_entries set gone = 1 where exists (
      select 1 from message_states as state
      where state.conversation_id = thread_entries.conversation_id
        and state.seq = thread_entries.seq and state.deleted_seq is not null
        and state.counted = 0)`.execute(connection);
  await sql`
    update message_states set thread_n = coalesce((
      select max(ordinal) from thread_entries as entry
      where entry.conversation_id = message_states.conversation_id
        and entry.root = message_states.seq), 0)
    where thread_last is not null`.execute(connection);
}

async function letPeopleFollow(connection: Connection): Promise<void> {
  await sql`
    insert into thread_follows (person_id, conversation_id, root, seq, is_followed, time)
    select said.author_id, root.conversation_id, root.seq, root.thread_last, 1, max(said.time)
    from message_states as root
    join thread_entries as entry
      on entry.conversation_id = root.conversation_id and entry.root = root.seq
    join events as said on said.conversation_id = root.conversation_id
      and (said.seq = root.seq or said.seq = entry.seq)
    join users on users.id = said.author_id
    where root.thread_last is not null
    group by said.author_id, root.conversation_id, root.seq, root.thread_last`.execute(connection);
}
