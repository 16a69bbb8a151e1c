import { type RawBuilder, sql } from 'kysely';
import { roomKey } from '../../chat/conversations/key.js';
import type { RoomChange, RoomName } from '../../chat/conversations/room-change.js';
import type { Statement } from './statement.js';

type Change<Op extends RoomChange['op']> = RoomChange & { readonly op: Op };
type Translation<Op extends RoomChange['op']> = (
  change: Change<Op>,
  seq: RawBuilder<number>,
  first: RawBuilder<number>,
) => readonly Statement[];

/**
 * @param seq the number at which it takes place
 * @param first the first number that belongs to whoever comes: the one after it, where no event does
 */
export function translate(
  change: RoomChange,
  seq: RawBuilder<number>,
  first: RawBuilder<number> = seq,
): readonly Statement[] {
  // Each operation's own translation takes what its key says, which the compiler cannot see.
  const translation = TRANSLATIONS[change.op] as Translation<RoomChange['op']>;
  return translation(change, seq, first);
}

/** The head of a room's log, for changes without an event. */
export function headOf(room: string): RawBuilder<number> {
  return sql<number>`coalesce(
    (select last_seq from conversations where key = ${roomKey(room)}), 0)`;
}

const TRANSLATIONS: { readonly [Op in RoomChange['op']]: Translation<Op> } = {
  expect: ({ room, version }) => [
    must(sql`update rooms set version = version + 1
      where id = ${room} and version = cast(${version} as bigint)`),
  ],
  make: (change) => [
    must(sql`
      insert into rooms (id, name, canonical_name, title, topic, kind, history, rights, created_at,
        created_by, ref, members, version)
      values (${change.room}, ${change.name.displayed}, ${change.name.canonical}, ${change.title},
        ${change.topic}, ${change.kind}, ${change.history}, ${JSON.stringify(change.rights)},
        ${change.time}, ${change.by}, ${change.ref}, 0, 1)
      on conflict do nothing`),
    ...nameFor(change.room, change.name, change.time),
  ],
  describe: ({ room, title, topic, kind, history, rights, archivedAt }) => [
    must(sql`
      update rooms set title = ${title}, topic = ${topic}, kind = ${kind}, history = ${history},
        rights = ${JSON.stringify(rights)}, archived_at = cast(${archivedAt} as bigint)
      where id = ${room}`),
  ],
  rename: ({ room, name, aliasUntil, time }) => [
    may(sql`update room_names set until = cast(${aliasUntil} as bigint)
      where room_id = ${room} and until is null`),
    // One of its own names again.
    may(sql`delete from room_names where room_id = ${room}
      and (skeleton = ${name.skeleton} or canonical_name = ${name.canonical})`),
    ...nameFor(room, name, time),
    must(sql`update rooms set name = ${name.displayed}, canonical_name = ${name.canonical}
      where id = ${room}`),
  ],
  enter: ({ room, person, role, time }, seq, first) => [
    must(sql`
      insert into room_members (room_id, person_id, role, joined_seq, joined_at)
      values (${room}, ${person}, ${role}, ${first}, cast(${time} as bigint))
      on conflict (room_id, person_id) do update
      set role = excluded.role, joined_seq = excluded.joined_seq, joined_at = excluded.joined_at,
        left_seq = null
      where room_members.left_seq is not null`),
    may(sql`update rooms set members = members + 1 where id = ${room}`),
    ...movesOf(person),
    may(sql`delete from room_invitations where room_id = ${room} and person_id = ${person}`),
    may(sql`
      insert into read_marks (person_id, conversation_id, seq, time)
      select ${person}, conversations.id, ${seq}, cast(${time} as bigint) from conversations
      where conversations.key = ${roomKey(room)}
      on conflict (person_id, conversation_id) do update
      set seq = excluded.seq, time = excluded.time where read_marks.seq < excluded.seq`),
  ],
  'set-role': ({ room, person, role }) => [
    must(sql`update room_members set role = ${role}
      where room_id = ${room} and person_id = ${person} and left_seq is null`),
  ],
  exit: ({ room, person }, seq) => [
    must(sql`update room_members set left_seq = ${seq}
      where room_id = ${room} and person_id = ${person} and left_seq is null`),
    may(sql`update rooms set members = members - 1 where id = ${room}`),
    ...movesOf(person),
  ],
  ban: ({ room, person, by, reason, until, time }) => [
    may(sql`
      insert into room_bans (room_id, person_id, by_id, reason, until, created_at)
      values (${room}, ${person}, ${by}, ${reason}, cast(${until} as bigint),
        cast(${time} as bigint))
      on conflict (room_id, person_id) do update
      set by_id = excluded.by_id, reason = excluded.reason, until = excluded.until,
        created_at = excluded.created_at`),
    may(sql`delete from room_invitations where room_id = ${room} and person_id = ${person}`),
  ],
  unban: ({ room, person }) => [
    may(sql`delete from room_bans where room_id = ${room} and person_id = ${person}`),
  ],
  invite: ({ room, person, by, time }) => [
    may(sql`
      insert into room_invitations (room_id, person_id, by_id, created_at)
      values (${room}, ${person}, ${by}, cast(${time} as bigint))
      on conflict (person_id, room_id) do nothing`),
  ],
  uninvite: ({ room, person }) => [
    may(sql`delete from room_invitations where room_id = ${room} and person_id = ${person}`),
  ],
  'use-link': ({ link, time }) => [
    must(sql`update room_links set uses_left = uses_left - 1
      where hash = ${link} and (uses_left is null or uses_left > 0)
        and (expires_at is null or expires_at > cast(${time} as bigint))`),
  ],
  'add-link': ({ link, room, by, uses, expiresAt, time }) => [
    may(sql`
      insert into room_links (hash, room_id, by_id, uses_left, expires_at, created_at)
      values (${link}, ${room}, ${by}, cast(${uses} as bigint), cast(${expiresAt} as bigint),
        cast(${time} as bigint))`),
  ],
  'remove-link': ({ link, room }) => [
    link === null
      ? may(sql`delete from room_links where room_id = ${room}`)
      : may(sql`delete from room_links where hash = ${link} and room_id = ${room}`),
  ],
  'set-level': ({ room, person, level, mutedUntil }) => [
    must(sql`update room_members set level = ${level},
      muted_until = cast(${mutedUntil} as bigint)
      where room_id = ${room} and person_id = ${person} and left_seq is null`),
  ],
};

/** Aliases that are over give way. */
function nameFor(room: string, name: RoomName, time: number): readonly Statement[] {
  return [
    may(sql`delete from room_names
      where (skeleton = ${name.skeleton} or canonical_name = ${name.canonical})
        and until is not null and until <= cast(${time} as bigint)`),
    must(sql`
      insert into room_names (skeleton, canonical_name, room_id)
      values (${name.skeleton}, ${name.canonical}, ${room})
      on conflict do nothing`),
  ];
}

function movesOf(person: string): readonly Statement[] {
  return [may(sql`update users set rooms_version = rooms_version + 1 where id = ${person}`)];
}

function must(query: RawBuilder<unknown>): Statement {
  return { query, must: true };
}

function may(query: RawBuilder<unknown>): Statement {
  return { query, must: false };
}
