import { type Kysely, type RawBuilder, sql } from 'kysely';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';
import type { ReadMark } from '../../chat/marks/mark-store.js';
import type { Schema } from './schema.js';

/** Marks in one statement: far below what the databases accept. */
const CHUNK = 1_000;

/** Moves on only what is lower, and not with what was read before the mark was set back. */
const FORWARD = sql`
  on conflict (person_id, conversation_id) do update set seq = excluded.seq, time = excluded.time
  where read_marks.seq < excluded.seq and read_marks.set_back_at <= excluded.time`;

export async function moveRead(
  database: Kysely<Schema>,
  marks: readonly ReadMark[],
): Promise<void> {
  const rows = highestOfEach(marks);
  for (let start = 0; start < rows.length; start += CHUNK) {
    const given = rowsOf(rows.slice(start, start + CHUNK));
    await sql`${insertion(given)} ${FORWARD}`.execute(database);
  }
}

/** Also where there is no mark yet: what another node is about to write was read before. */
export async function setReadBack(database: Kysely<Schema>, mark: ReadMark): Promise<void> {
  await sql`${insertion(rowsOf([mark]), mark.time)}
    on conflict (person_id, conversation_id) do update
    set seq = excluded.seq, time = excluded.time, set_back_at = excluded.time`.execute(database);
}

export async function moveAllRead(
  database: Kysely<Schema>,
  personId: string,
  time: number,
): Promise<void> {
  await sql`
    insert into read_marks (person_id, conversation_id, seq, time)
    select users.id, conversations.id, conversations.last_seq, cast(${time} as bigint)
    from users join conversations on conversations.id in (
      select conversation_id from direct_members where person_id = ${personId}
      union all
      select conversations.id from room_members
      join conversations on conversations.key = 'room:' || room_members.room_id
      where room_members.person_id = ${personId} and room_members.left_seq is null
      union all
      select id from conversations where key = ${LOBBY_KEY}
    )
    where users.id = ${personId}
    order by conversations.id
    ${FORWARD}`.execute(database);
  await sql`
    update thread_follows set seq = (
      select last_seq from conversations where id = thread_follows.conversation_id)
    where person_id = ${personId} and is_followed = 1`.execute(database);
}

/** One order for all nodes, so that two of them cannot block each other. */
function insertion(given: RawBuilder<unknown>, setBackAt = 0): RawBuilder<unknown> {
  return sql`
    insert into read_marks (person_id, conversation_id, seq, time, set_back_at)
    select users.id, conversations.id,
      case when given.column3 < conversations.last_seq then given.column3
        else conversations.last_seq end,
      given.column4, cast(${setBackAt} as bigint)
    from (${given}) as given
    join users on users.id = given.column1
    join conversations on conversations.key = given.column2
    where true
    order by users.id, conversations.id`;
}

function rowsOf(marks: readonly ReadMark[]): RawBuilder<unknown> {
  const rows = marks.map(
    ({ personId, conversation, seq, time }) =>
      sql`(${personId}, ${conversation}, cast(${seq} as bigint), cast(${time} as bigint))`,
  );
  return sql`values ${sql.join(rows)}`;
}

/** A statement touches each row once. */
function highestOfEach(marks: readonly ReadMark[]): readonly ReadMark[] {
  const highest = new Map<string, ReadMark>();
  for (const mark of marks) {
    const key = `${mark.personId} ${mark.conversation}`;
    const known = highest.get(key);
    if (known === undefined || known.seq < mark.seq) highest.set(key, mark);
  }
  return [...highest.values()];
}
