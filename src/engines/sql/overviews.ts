import { type Kysely, sql } from 'kysely';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';
import type { HistoryRule, RightsMap, Role, RoomKind } from '../../chat/conversations/room.js';
import type { Level } from '../../chat/conversations/room-change.js';
import type { Overview, OverviewCursor, RoomOverview } from '../../chat/marks/mark-store.js';
import { behindColumns, type StateRow, stateOf } from './read-states.js';
import type { Schema } from './schema.js';

interface Row extends StateRow {
  readonly last_time: number;
  readonly peer_id: string | null;
  readonly peer_name: string | null;
  readonly latest_seq: number | null;
  readonly latest_time: number | null;
  readonly kind: string | null;
  readonly target: number | null;
  readonly body: string | null;
  readonly author_id: string | null;
  readonly author_name: string | null;
  /** Of a room but for the lobby, as all that follows. */
  readonly room_id: string | null;
  readonly name: string | null;
  readonly title: string | null;
  readonly topic: string | null;
  readonly room_kind: RoomKind | null;
  readonly history: HistoryRule | null;
  readonly rights: string | null;
  readonly created_at: number | null;
  readonly archived_at: number | null;
  readonly members: number | null;
  readonly version: number | null;
  readonly role: Role | null;
  readonly joined_seq: number | null;
  readonly level: Level | null;
  readonly muted_until: number | null;
}

/**
 * The number of the last event that counts as unread to a person, which is the last message. Behind it
 * are only others: looked for among so many.
 */
const LAST_COUNTED = sql`case when mine.uncounted = 0 then mine.last_seq else (
  select one.seq from events as one
  where one.conversation_id = mine.id and one.seq > mine.last_seq - 200
    and one.seq - one.uncounted = mine.last_seq - mine.uncounted
  order by one.seq limit 1) end`;

/** The conversations of somebody, latest first: one query, whatever their number. */
export async function overviewsOf(
  database: Kysely<Schema>,
  personId: string,
  withLobby: boolean,
  limit: number,
  after?: OverviewCursor,
): Promise<readonly Overview[]> {
  const behind =
    after === undefined
      ? sql`true`
      : sql`(mine.last_time, mine.key) < (cast(${after.time} as bigint), ${after.conversation})`;
  const behindMark = behindColumns(personId, sql`mine.id`, sql`coalesce(mark.seq, 0)`);
  const { rows } = await sql<Row>`
    select ${behindMark.deleted} as deleted, ${behindMark.mentions} as mentions, mine.id, mine.key, mine.last_seq, mine.uncounted, mine.last_time, mine.peer_id,
      peer.username as peer_name, mark.seq as read, at_mark.uncounted as read_uncounted,
      latest.seq as latest_seq, latest.time as latest_time, latest.kind, latest.target, latest.text as body, latest.author_id,
      coalesce(author.username, 'deleted-' || latest.author_id) as author_name,
      mine.room_id, rooms.name, rooms.title, rooms.topic, rooms.kind as room_kind,
      rooms.history, rooms.rights, rooms.created_at, rooms.archived_at, rooms.members,
      rooms.version, member.role, member.joined_seq, member.level, member.muted_until
    from (${conversationsOf(personId, withLobby)}) as mine
    left join users as peer on peer.id = mine.peer_id
    left join rooms on rooms.id = mine.room_id
    left join room_members as member
      on member.room_id = mine.room_id and member.person_id = ${personId}
    left join read_marks as mark
      on mark.conversation_id = mine.id and mark.person_id = ${personId}
    left join events as at_mark
      on at_mark.conversation_id = mine.id and at_mark.seq = mark.seq
    left join events as latest
      on latest.conversation_id = mine.id and latest.seq = ${LAST_COUNTED}
    left join users as author on author.id = latest.author_id
    where ${behind}
    order by mine.last_time desc, mine.key desc
    limit cast(${limit} as bigint)`.execute(database);
  const found: Overview[] = [];
  for (const row of rows) {
    found.push({
      ...(await stateOf(database, personId, row)),
      ...conversationOf(row),
      room: roomOf(row),
    });
  }
  return found;
}

function conversationsOf(personId: string, withLobby: boolean) {
  const lobby = sql`
    union all
    select conversations.id, asked.key, coalesce(conversations.last_seq, 0),
      coalesce(conversations.uncounted, 0), coalesce(conversations.last_time, 0), null, null
    from (select cast(${LOBBY_KEY} as text) as key) as asked
    left join conversations on conversations.key = asked.key`;
  return sql`
    select conversations.id, conversations.key, conversations.last_seq,
      conversations.uncounted, conversations.last_time, direct_members.peer_id,
      cast(null as text) as room_id
    from direct_members
    join conversations on conversations.id = direct_members.conversation_id
    where direct_members.person_id = ${personId}
    union all
    select conversations.id, conversations.key, conversations.last_seq,
      conversations.uncounted, conversations.last_time, null, room_members.room_id
    from room_members
    join conversations on conversations.key = 'room:' || room_members.room_id
    where room_members.person_id = ${personId} and room_members.left_seq is null
    ${withLobby ? lobby : sql``}`;
}

function roomOf(row: Row): RoomOverview | null {
  const { room_id: id, name, room_kind: kind, history, rights, role, level } = row;
  if (id === null || name === null || kind === null || history === null) return null;
  if (rights === null || role === null || level === null) return null;
  return {
    room: {
      id,
      key: row.key,
      name,
      title: row.title,
      topic: row.topic,
      kind,
      history,
      rights: JSON.parse(rights) as RightsMap,
      createdAt: row.created_at ?? 0,
      archivedAt: row.archived_at,
      members: row.members ?? 0,
      version: row.version ?? 0,
    },
    membership: { role, joined: row.joined_seq ?? 0, left: null },
    settings: { level, mutedUntil: row.muted_until },
  };
}

function conversationOf(row: Row): Pick<Overview, 'conversation' | 'with' | 'time' | 'last'> {
  const { key, last_time, peer_id, peer_name } = row;
  return {
    conversation: key,
    with: peer_id === null || peer_name === null ? null : { id: peer_id, username: peer_name },
    time: last_time,
    last: lastOf(row),
  };
}

function lastOf({ latest_seq: seq, latest_time: time, ...row }: Row): Overview['last'] {
  const { kind, target, body, author_id, author_name } = row;
  if (seq === null || time === null || kind === null || body === null) return null;
  if (author_id === null || author_name === null) return null;
  return { seq, time, kind, target, body, author: { id: author_id, username: author_name } };
}
