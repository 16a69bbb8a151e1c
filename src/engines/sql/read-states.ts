import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type ConversationKey, parseKey } from '../../chat/conversations/key.js';
import type { Behind, Reader, ReadState } from '../../chat/marks/mark-store.js';
import type { Schema } from './schema.js';

const NOTHING_BEHIND: Behind = { deleted: 0, mentions: 0 };
const NOTHING_SAID: ReadState = { head: 0, n: 0, read: 0, readN: 0, ...NOTHING_BEHIND };

/** As many as are counted behind a mark. */
const MOST_COUNTED = 100;

/** A conversation and somebody's mark in it, as the queries here find them. */
export interface StateRow {
  readonly key: ConversationKey;
  /** Null where nothing was said yet. */
  readonly id: number | null;
  readonly last_seq: number;
  readonly uncounted: number;
  /** Null where the person never said how far. */
  readonly read: number | null;
  /** Of the event that was read last. */
  readonly read_uncounted: number | null;
  /** @see Behind */
  readonly deleted: number;
  readonly mentions: number;
}

/** What stands behind a number, as columns of a query. */
export function behindColumns(
  personId: string,
  conversation: RawBuilder<unknown>,
  mark: RawBuilder<unknown>,
) {
  const counted = (rows: RawBuilder<unknown>): RawBuilder<number> =>
    sql<number>`(select count(*) from (${rows} limit ${sql.lit(MOST_COUNTED)}) as counted_rows)`;
  const named = counted(sql`
    select 1 from mentions where mentions.person_id = ${personId}
      and mentions.conversation_id = ${conversation} and mentions.seq > ${mark}`);
  const all = counted(sql`
    select 1 from mentions_of_all as mention where mention.conversation_id = ${conversation}
      and mention.seq > ${mark} and mention.author_id <> ${personId}`);
  return {
    deleted: counted(sql`
      select 1 from message_states as gone where gone.conversation_id = ${conversation}
        and gone.seq > ${mark} and gone.counted = 1`),
    mentions: sql<number>`${named} + ${all}`,
  };
}

/** @see MarkStore.behind */
export async function behind(
  database: Kysely<Schema>,
  personId: string,
  conversation: ConversationKey,
  seq: number,
): Promise<Behind> {
  const columns = behindColumns(personId, sql`conversations.id`, sql`cast(${seq} as bigint)`);
  const { rows } = await sql<Behind>`
    select ${columns.deleted} as deleted, ${columns.mentions} as mentions
    from conversations where conversations.key = ${conversation}`.execute(database);
  return rows[0] === undefined ? NOTHING_BEHIND : behindOf(rows[0]);
}

function behindOf({ deleted, mentions }: Behind): Behind {
  return { deleted, mentions: Math.min(mentions, MOST_COUNTED) };
}

export async function readStatesOf(
  database: Kysely<Schema>,
  personId: string,
  conversations: readonly ConversationKey[],
): Promise<ReadonlyMap<ConversationKey, ReadState>> {
  const states = new Map(conversations.map((key) => [key, NOTHING_SAID]));
  if (states.size === 0) return states;
  const counted = behindColumns(
    personId,
    sql.ref('conversations.id'),
    sql`coalesce(${sql.ref('mark.seq')}, 0)`,
  );
  const rows = await database
    .selectFrom('conversations')
    .leftJoin('read_marks as mark', (join) =>
      join
        .onRef('mark.conversation_id', '=', 'conversations.id')
        .on('mark.person_id', '=', personId),
    )
    .leftJoin('events as at_mark', (join) =>
      join
        .onRef('at_mark.conversation_id', '=', 'conversations.id')
        .onRef('at_mark.seq', '=', 'mark.seq'),
    )
    .select([
      'conversations.key',
      'conversations.id',
      'conversations.last_seq',
      'conversations.uncounted',
      'mark.seq as read',
      'at_mark.uncounted as read_uncounted',
      counted.deleted.as('deleted'),
      counted.mentions.as('mentions'),
    ])
    .where('conversations.key', 'in', [...states.keys()])
    .execute();
  for (const row of rows) states.set(row.key, await stateOf(database, personId, row));
  return states;
}

/** Who never said how far has read of a room what was said before the account was made. */
export async function stateOf(
  database: Kysely<Schema>,
  personId: string,
  row: StateRow,
): Promise<ReadState> {
  const { id, last_seq: head, uncounted } = row;
  const n = head - uncounted;
  const isUnmarkedRoom = row.read === null && id !== null && parseKey(row.key).kind === 'room';
  const read = Math.min(
    isUnmarkedRoom ? await headWhenMade(database, personId, id) : (row.read ?? 0),
    head,
  );
  if (read === head) return { head, n, read, readN: n, ...NOTHING_BEHIND };
  const counted = behindOf(row);
  const isExact = !isUnmarkedRoom || counted.deleted + counted.mentions === 0;
  const after = isExact ? counted : await behind(database, personId, row.key, read);
  if (read === 0 || uncounted === 0) return { head, n, read, readN: read, ...after };
  const before = isUnmarkedRoom
    ? read - (await countUpTo(database, row.key, read))
    : (row.read_uncounted ?? 0);
  return { head, n, read, readN: read - before, ...after };
}

export async function countUpTo(
  database: Kysely<Schema>,
  conversation: ConversationKey,
  seq: number,
): Promise<number> {
  const row = await database
    .selectFrom('conversations')
    .leftJoin('events', (join) =>
      join.onRef('events.conversation_id', '=', 'conversations.id').on('events.seq', '=', seq),
    )
    .select(['conversations.last_seq', 'conversations.uncounted', 'events.uncounted as before'])
    .where('conversations.key', '=', conversation)
    .executeTakeFirst();
  if (row === undefined || seq <= 0) return 0;
  if (seq >= row.last_seq) return row.last_seq - row.uncounted;
  return seq - (row.before ?? 0);
}

export async function readersOf(
  database: Kysely<Schema>,
  conversation: ConversationKey,
  seq: number,
  limit: number,
  after = '',
): Promise<readonly Reader[]> {
  return database
    .selectFrom('read_marks as mark')
    .innerJoin('conversations', 'conversations.id', 'mark.conversation_id')
    .innerJoin('users', 'users.id', 'mark.person_id')
    .select(['users.id', 'users.username', 'mark.seq'])
    .where('conversations.key', '=', conversation)
    .where('mark.seq', '>=', seq)
    .where('mark.person_id', '>', after)
    .orderBy('mark.person_id')
    .limit(limit)
    .execute();
}

/**
 * The number of the last event that was made when the account was or earlier. Numbers are contiguous
 * and rise with time, so it is looked for by halves: some twenty look-ups among a million events.
 */
async function headWhenMade(
  database: Kysely<Schema>,
  personId: string,
  conversation: number,
): Promise<number> {
  const { rows } = await sql<{ low: number }>`
    with recursive halves (low, high, made) as (
      select cast(0 as bigint), conversations.last_seq, users.created_at
      from conversations join users on users.id = ${personId}
      where conversations.id = cast(${conversation} as bigint)
      union all
      select case when events.time <= made then events.seq else low end,
        case when events.time <= made then high else events.seq - 1 end,
        made
      from halves join events
        on events.conversation_id = cast(${conversation} as bigint)
        and events.seq = (low + high + 1) / 2
      where low < high
    )
    select low from halves where low = high`.execute(database);
  return rows[0]?.low ?? 0;
}
