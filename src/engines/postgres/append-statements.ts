import type { QueryConfig } from 'pg';
import type { ConversationKey } from '../../chat/conversations/key.js';
import type { PlannedEvent } from './append-plan.js';

/**
 * The statements of an append. Each is named, so that a connection prepares it once; lists are
 * passed as arrays, so that their length does not change the statement.
 */

/** Locks the logs of these conversations, in the order of their keys. */
export function lock(keys: readonly ConversationKey[]): QueryConfig {
  return {
    name: 'lock-logs',
    text: `select id, key, last_seq, uncounted from conversations
           where key = any($1::text[]) order by key for update`,
    values: [keys],
  };
}

/**
 * Counts those of these people who have an account. One is removed only when a guest is gone who left
 * nothing (account-remover.ts).
 */
export function countAccounts(ids: readonly string[]): QueryConfig {
  return {
    name: 'count-accounts',
    text: 'select count(*) as count from users where id = any($1::text[])',
    values: [ids],
  };
}

/**
 * Finds what is stored under these refs. Runs after {@link lock}, and so sees all that came before.
 */
export function find(refs: readonly string[], authors: readonly string[]): QueryConfig {
  return {
    name: 'find-refs',
    text: `select conversations.key, events.ref, events.author_id,
                  events.seq, events.seq - events.uncounted as n, events.id, events.time,
                  events.kind, events.target, events.text as body, events.digest
           from unnest($1::text[], $2::text[]) as asked (ref, author_id)
           join events on events.ref = asked.ref and events.author_id = asked.author_id
            and events.ref is not null
           join conversations on conversations.id = events.conversation_id`,
    values: [refs, authors],
  };
}

/**
 * Finds who of these people is in the room beside them. Runs after {@link lock}: until the commit
 * nobody comes or goes.
 */
export function present(rooms: readonly string[], people: readonly string[]): QueryConfig {
  return {
    name: 'present-members',
    text: `select room_id as room, person_id as person
           from unnest($1::text[], $2::text[]) as asked (room_id, person_id)
           join room_members using (room_id, person_id)
           where left_seq is null`,
    values: [rooms, people],
  };
}

/** Creates conversations. Waits for concurrent creators, and skips what they created. */
export function create(keys: readonly ConversationKey[]): QueryConfig {
  return {
    name: 'create-logs',
    text: `insert into conversations (key, last_seq, last_time)
           select key, 0, 0 from unnest($1::text[]) with ordinality as new (key, at) order by at
           on conflict (key) do nothing
           returning id, key`,
    values: [keys],
  };
}

type Member = readonly [person: string, conversation: number | undefined, peer: string];

export function addMembers(members: readonly Member[]): QueryConfig {
  return {
    name: 'add-members',
    text: `insert into direct_members (person_id, conversation_id, peer_id)
           select * from unnest($1::text[], $2::bigint[], $3::text[])`,
    values: [0, 1, 2].map((column) => members.map((member) => member[column as 0 | 1 | 2])),
  };
}

export function insert(
  events: readonly PlannedEvent[],
  ids: ReadonlyMap<ConversationKey, number>,
): QueryConfig {
  return {
    name: 'insert-events',
    text: `insert into events (conversation_id, seq, uncounted, kind, target, id, time, author_id,
                               text, ref)
           select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[],
                                $6::text[], $7::bigint[], $8::text[], $9::text[], $10::text[])`,
    values: [
      events.map(({ key }) => ids.get(key)),
      events.map(({ seq }) => seq),
      events.map(({ uncounted }) => uncounted),
      events.map(({ draft }) => draft.kind),
      events.map(({ draft }) => draft.target),
      events.map(({ draft }) => draft.id),
      events.map(({ draft }) => draft.time),
      events.map(({ draft }) => draft.author.id),
      events.map(({ draft }) => draft.body),
      events.map(({ ref }) => ref),
    ],
  };
}

/** Marks these people as authors; in a fixed order, so that two nodes cannot deadlock. */
export function noteAuthors(ids: readonly string[]): QueryConfig {
  return {
    name: 'note-authors',
    text: `update users set has_written = 1
           where id in (select id from users where id = any($1::text[]) and has_written = 0
                        order by id for update)`,
    values: [ids],
  };
}

/** Advances the heads of the logs. */
export function move(
  lasts: ReadonlyMap<ConversationKey, PlannedEvent>,
  ids: ReadonlyMap<ConversationKey, number>,
): QueryConfig {
  const events = [...lasts.values()];
  return {
    name: 'move-heads',
    text: `update conversations
           set last_seq = head.seq, uncounted = head.uncounted, last_time = head.time
           from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[])
             as head (id, seq, uncounted, time)
           where conversations.id = head.id`,
    values: [
      events.map(({ key }) => ids.get(key)),
      events.map(({ seq }) => seq),
      events.map(({ uncounted }) => uncounted),
      events.map(({ draft }) => draft.time),
    ],
  };
}

export function eventAt(key: ConversationKey, seq: number): QueryConfig {
  return {
    name: 'event-at',
    text: `select events.id from events
           join conversations on conversations.id = events.conversation_id
           where conversations.key = $1 and events.seq = $2`,
    values: [key, seq],
  };
}
