import { type Kysely, sql } from 'kysely';
import type { ConversationKey } from '../../chat/conversations/key.js';
import type { Overview, OverviewCursor } from '../../chat/marks/mark-store.js';
import { type StateRow, stateOf } from './read-states.js';
import type { Schema } from './schema.js';

interface Row extends StateRow {
  readonly last_time: number;
  readonly peer_id: string | null;
  readonly peer_name: string | null;
  readonly kind: string | null;
  readonly target: number | null;
  readonly body: string | null;
  readonly author_id: string | null;
  readonly author_name: string | null;
}

/** The conversations of somebody, latest first: one query, whatever their number. */
export async function overviewsOf(
  database: Kysely<Schema>,
  personId: string,
  rooms: readonly ConversationKey[],
  limit: number,
  after?: OverviewCursor,
): Promise<readonly Overview[]> {
  const asked = sql.join(
    rooms.map((key) => sql`select cast(${key} as text) as key`),
    sql` union all `,
  );
  const behind =
    after === undefined
      ? sql`true`
      : sql`(mine.last_time, mine.key) < (cast(${after.time} as bigint), ${after.conversation})`;
  const { rows } = await sql<Row>`
    select mine.id, mine.key, mine.last_seq, mine.uncounted, mine.last_time, mine.peer_id,
      peer.username as peer_name, mark.seq as read, at_mark.uncounted as read_uncounted,
      latest.kind, latest.target, latest.text as body, latest.author_id,
      coalesce(author.username, 'deleted-' || latest.author_id) as author_name
    from (
      select conversations.id, conversations.key, conversations.last_seq,
        conversations.uncounted, conversations.last_time, direct_members.peer_id
      from direct_members
      join conversations on conversations.id = direct_members.conversation_id
      where direct_members.person_id = ${personId}
      union all
      select conversations.id, asked.key, coalesce(conversations.last_seq, 0),
        coalesce(conversations.uncounted, 0), coalesce(conversations.last_time, 0), null
      from (${asked}) as asked left join conversations on conversations.key = asked.key
    ) as mine
    left join users as peer on peer.id = mine.peer_id
    left join read_marks as mark
      on mark.conversation_id = mine.id and mark.person_id = ${personId}
    left join events as at_mark
      on at_mark.conversation_id = mine.id and at_mark.seq = mark.seq
    left join events as latest
      on latest.conversation_id = mine.id and latest.seq = mine.last_seq
    left join users as author on author.id = latest.author_id
    where ${behind}
    order by mine.last_time desc, mine.key desc
    limit cast(${limit} as bigint)`.execute(database);
  const found: Overview[] = [];
  for (const row of rows) {
    found.push({ ...(await stateOf(database, personId, row)), ...conversationOf(row) });
  }
  return found;
}

function conversationOf(row: Row): Pick<Overview, 'conversation' | 'with' | 'time' | 'last'> {
  const { key, last_time, last_seq, peer_id, peer_name } = row;
  const { kind, target, body, author_id, author_name } = row;
  const isEmpty = kind === null || body === null || author_id === null || author_name === null;
  return {
    conversation: key,
    with: peer_id === null || peer_name === null ? null : { id: peer_id, username: peer_name },
    time: last_time,
    last: isEmpty
      ? null
      : { seq: last_seq, kind, target, body, author: { id: author_id, username: author_name } },
  };
}
