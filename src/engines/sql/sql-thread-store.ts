import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';
import type { ChatEvent } from '../../chat/log/event.js';
import {
  type FollowedRequest,
  type FollowedThread,
  type ThreadMark,
  type ThreadRef,
  ThreadStore,
} from '../../chat/marks/thread-store.js';
import { idOf, whole } from './change-parts.js';
import type { Schema } from './schema.js';
import { eventsOf, selectEvents } from './sql-event-reader.js';

/** As many deleted replies are counted behind a mark. */
const MOST_COUNTED = 100;
const NOT_FOLLOWED: ThreadMark = { following: false, seq: 0, unread: 0 };

interface FollowedRow {
  readonly conversation_id: number;
  readonly root: number;
  readonly key: ConversationKey;
  readonly seq: number;
  readonly unread: number;
  readonly latest: string;
  readonly room: string | null;
  readonly peer_id: string | null;
  readonly peer_name: string | null;
}

/** Shared by both databases. */
export class SqlThreadStore extends ThreadStore {
  constructor(private readonly database: Kysely<Schema>) {
    super();
  }

  override async follow(personId: string, thread: ThreadRef, time: number): Promise<void> {
    await sql`${rowOf(personId, thread, 1, time)} do update
      set is_followed = 1, time = excluded.time,
        seq = case when thread_follows.is_followed = 1 then thread_follows.seq
          else excluded.seq end`.execute(this.database);
  }

  override async unfollow(personId: string, thread: ThreadRef, time: number): Promise<void> {
    await sql`${rowOf(personId, thread, 0, time)} do update set is_followed = 0`.execute(
      this.database,
    );
  }

  override async moveRead(personId: string, thread: ThreadRef, seq: number): Promise<void> {
    await sql`update thread_follows set seq = ${atMostHead(thread, seq)}
      where ${isFollowed(personId, thread)} and seq < ${atMostHead(thread, seq)}`.execute(
      this.database,
    );
  }

  override async setReadBack(personId: string, thread: ThreadRef, seq: number): Promise<void> {
    await sql`update thread_follows set seq = ${atMostHead(thread, seq)}
      where ${isFollowed(personId, thread)}`.execute(this.database);
  }

  override async mark(personId: string, thread: ThreadRef): Promise<ThreadMark> {
    const { rows } = await sql<{ readonly seq: number; readonly unread: number }>`
      select mine.seq, ${UNREAD} as unread
      from (select * from thread_follows where ${isFollowed(personId, thread)}) as mine
      left join message_states as state
        on state.conversation_id = mine.conversation_id and state.seq = mine.root`.execute(
      this.database,
    );
    const [row] = rows;
    return row === undefined ? NOT_FOLLOWED : { following: true, ...marked(row) };
  }

  override async followed(request: FollowedRequest): Promise<readonly FollowedThread[]> {
    const { rows } = await sql<FollowedRow>`
      select mine.*, ${UNREAD} as unread from (${latestOf(request)}) as mine
      left join message_states as state
        on state.conversation_id = mine.conversation_id and state.seq = mine.root
      order by mine.latest desc`.execute(this.database);
    const roots = await this.rootsOf(rows);
    return rows.flatMap((row) => {
      const root = roots.get(nameOf(row));
      const { key: conversation, room, latest, peer_id, peer_name } = row;
      if (root === undefined) return [];
      const other =
        peer_id === null || peer_name === null ? null : { id: peer_id, username: peer_name };
      return [{ conversation, root, with: other, room, latest, following: true, ...marked(row) }];
    });
  }

  override async trim(people: readonly string[], most: number): Promise<void> {
    for (const person of people) {
      await sql`
        delete from thread_follows where person_id = ${person}
          and (conversation_id, root) in (
            select conversation_id, root from thread_follows where person_id = ${person}
            order by time desc, conversation_id, root
            limit 1000 offset cast(${most} as bigint))`.execute(this.database);
    }
  }

  private async rootsOf(rows: readonly FollowedRow[]): Promise<ReadonlyMap<string, ChatEvent>> {
    const roots = new Map<string, ChatEvent>();
    if (rows.length === 0) return roots;
    const wanted = rows.map((row) => sql`(${whole(row.conversation_id)}, ${whole(row.root)})`);
    const found = await selectEvents(this.database)
      .select('events.conversation_id')
      .where(sql<boolean>`(events.conversation_id, events.seq) in (values ${sql.join(wanted)})`)
      .execute();
    const keys = new Map(rows.map((row) => [row.conversation_id, row.key]));
    for (const row of found) {
      const key = keys.get(row.conversation_id);
      if (key === undefined) continue;
      const [event] = await eventsOf(this.database, key, [row]);
      if (event !== undefined) roots.set(nameOf({ ...row, root: row.seq }), event);
    }
    return roots;
  }
}

/** Behind `mine.seq`, of the thread whose first message has `state`. */
const UNREAD = sql<number>`coalesce(state.thread_n, 0) - coalesce((
    select entry.ordinal from thread_entries as entry
    where entry.conversation_id = mine.conversation_id and entry.root = mine.root
      and entry.seq <= mine.seq
    order by entry.seq desc limit 1), 0)
  - (select count(*) from (
    select 1 from thread_entries as entry
    where entry.conversation_id = mine.conversation_id and entry.root = mine.root
      and entry.seq > mine.seq and entry.gone = 1
    limit ${sql.lit(MOST_COUNTED)}) as counted_rows)`;

function latestOf({ personId, withLobby, limit, after }: FollowedRequest): RawBuilder<unknown> {
  const latest = sql`coalesce(last_reply.id, first.id)`;
  const isSeen = sql`(direct.person_id is not null
    or (member.left_seq is null and rooms.id is not null
      and (rooms.history <> 'joined' or follow.root >= member.joined_seq))
    ${withLobby ? sql`or conversations.key = ${LOBBY_KEY}` : sql``})`;
  return sql`
    select follow.conversation_id, follow.root, follow.seq, conversations.key,
      ${latest} as latest, rooms.name as room, peer.id as peer_id, peer.username as peer_name
    from thread_follows as follow
    join conversations on conversations.id = follow.conversation_id
    join events as first
      on first.conversation_id = follow.conversation_id and first.seq = follow.root
    left join message_states as summed
      on summed.conversation_id = follow.conversation_id and summed.seq = follow.root
    left join events as last_reply
      on last_reply.conversation_id = follow.conversation_id and last_reply.seq = summed.thread_last
    left join direct_members as direct
      on direct.conversation_id = follow.conversation_id and direct.person_id = follow.person_id
    left join users as peer on peer.id = direct.peer_id
    left join room_members as member
      on member.person_id = follow.person_id and conversations.key = 'room:' || member.room_id
    left join rooms on rooms.id = member.room_id
    where follow.person_id = ${personId} and follow.is_followed = 1 and ${isSeen}
      and ${latest} < ${after ?? '~'}
    order by latest desc
    limit cast(${limit} as bigint)`;
}

/** A new row, up to what is to be done where there is one. */
function rowOf(
  personId: string,
  { conversation, root }: ThreadRef,
  isFollowed: 0 | 1,
  time: number,
): RawBuilder<unknown> {
  return sql`
    insert into thread_follows (person_id, conversation_id, root, seq, is_followed, time)
    select ${personId}, conversations.id, ${whole(root)},
      coalesce(state.thread_last, ${whole(root)}), ${whole(isFollowed)}, ${whole(time)}
    from conversations left join message_states as state
      on state.conversation_id = conversations.id and state.seq = ${whole(root)}
    where conversations.key = ${conversation}
    on conflict (person_id, conversation_id, root)`;
}

function isFollowed(personId: string, { conversation, root }: ThreadRef): RawBuilder<boolean> {
  return sql<boolean>`person_id = ${personId} and is_followed = 1
    and conversation_id = ${idOf(conversation)} and root = ${whole(root)}`;
}

function atMostHead({ conversation }: ThreadRef, seq: number): RawBuilder<number> {
  return sql<number>`(select case when last_seq < ${whole(seq)} then last_seq
    else ${whole(seq)} end from conversations where key = ${conversation})`;
}

function marked({ seq, unread }: Pick<FollowedRow, 'seq' | 'unread'>) {
  return { seq, unread: Math.max(0, unread) };
}

function nameOf(row: { readonly conversation_id: number; readonly root: number }): string {
  return `${String(row.conversation_id)} ${String(row.root)}`;
}
