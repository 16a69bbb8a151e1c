import { type Kysely, sql } from 'kysely';
import type { MessageState } from '../../chat/log/message-state.js';
import type { Person } from '../../kernel/person.js';
import type { Schema } from './schema.js';

const COLUMNS = [
  ...['version', 'changed_seq', 'edited_seq', 'edited_at', 'edits', 'deleted_seq', 'deleted_by'],
  ...['pinned_seq', 'reactions', 'thread_count', 'thread_last'],
  ...['thread_user1', 'thread_user2', 'thread_user3'],
] as const;

type Column = (typeof COLUMNS)[number];

/**
 * A row of message_states, joined as `state`, as one text; null where there is none, as for nearly
 * every event: fourteen columns of nulls would make each page larger by a half.
 */
export const PACKED_STATE = sql<
  string | null
>`case when state.seq is null then null else ${sql.join(
  COLUMNS.map((column) => sql`coalesce(cast(${sql.ref(`state.${column}`)} as text), '')`),
  sql` || ' ' || `,
)} end`;

type Fields = ReadonlyMap<Column, string>;

function fieldsOf(packed: string): Fields {
  const values = packed.split(' ');
  return new Map(COLUMNS.map((column, index) => [column, values[index] ?? '']));
}

/** The states of some events, by their texts. */
export async function unpackAll(
  database: Kysely<Schema>,
  texts: readonly (string | null)[],
): Promise<readonly (MessageState | undefined)[]> {
  if (texts.every((text) => text === null)) return [];
  const all = texts.map((text) => (text === null ? null : fieldsOf(text)));
  const people = await namesOf(database, all);
  return all.map((fields) => (fields === null ? undefined : stateOf(fields, people)));
}

function stateOf(fields: Fields, people: ReadonlyMap<string, string>): MessageState {
  const number = (column: Column): number => Number(fields.get(column));
  const has = (column: Column): boolean => fields.get(column) !== '';
  const person = (id: string): Person => ({ id, username: people.get(id) ?? `deleted-${id}` });
  const deletedBy = fields.get('deleted_by') ?? '';
  return {
    version: number('version'),
    changed: number('changed_seq'),
    edited: has('edited_seq') ? { seq: number('edited_seq'), time: number('edited_at') } : null,
    edits: number('edits'),
    deleted: has('deleted_seq') ? { seq: number('deleted_seq'), by: person(deletedBy) } : null,
    pinned: has('pinned_seq') ? number('pinned_seq') : null,
    reactions: number('reactions'),
    thread: has('thread_last')
      ? {
          count: number('thread_count'),
          lastSeq: number('thread_last'),
          users: peopleInThread(fields).map(person),
        }
      : null,
  };
}

function peopleInThread(fields: Fields): readonly string[] {
  const columns = ['thread_user1', 'thread_user2', 'thread_user3'] as const;
  return columns.map((column) => fields.get(column) ?? '').filter((id) => id !== '');
}

async function namesOf(
  database: Kysely<Schema>,
  all: readonly (Fields | null)[],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set<string>();
  for (const fields of all) {
    if (fields === null) continue;
    for (const id of [...peopleInThread(fields), fields.get('deleted_by') ?? '']) ids.add(id);
  }
  ids.delete('');
  if (ids.size === 0) return new Map();
  const rows = await database
    .selectFrom('users')
    .select(['id', 'username'])
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map(({ id, username }) => [id, username]));
}
