import { type Kysely, sql } from 'kysely';
import { storableRef } from '../postgres/storable-ref.js';
import type { Schema } from '../sql/schema.js';

/** Rows read and written at a time. */
const CHUNK = 1_000;

export interface Table {
  readonly name: keyof Schema;
  /** The primary key: the first columns, in order. */
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

export type Row = readonly (string | number | null)[];

/** Ordered so that no row refers to a later table. */
export const TABLES: readonly Table[] = [
  table(
    'users',
    ['id'],
    [
      ...['username', 'canonical_name', 'skeleton', 'password_hash', 'created_at'],
      ...['seen_at', 'gone_at', 'has_written', 'rooms_version'],
    ],
  ),
  table('counters', ['name'], ['value']),
  table('sessions', ['id'], ['user_id', 'created_at', 'expires_at', 'revoked_at']),
  table(
    'refresh_tokens',
    ['hash'],
    ['session_id', 'expires_at', 'used_at', 'parent', 'generation', 'round'],
  ),
  table(
    'tickets',
    ['hash'],
    ['session_id', 'user_id', 'username', 'session_expires_at', 'expires_at'],
  ),
  table('familiar_addresses', ['hash'], ['user_id', 'seen_at']),
  table('conversations', ['id'], ['key', 'last_seq', 'uncounted', 'last_time']),
  table('direct_members', ['person_id', 'conversation_id'], ['peer_id', 'delivered']),
  table('read_marks', ['person_id', 'conversation_id'], ['seq', 'time', 'set_back_at']),
  table(
    'rooms',
    ['id'],
    [
      ...['name', 'canonical_name', 'title', 'topic', 'kind', 'history', 'rights'],
      ...['created_at', 'created_by', 'ref', 'archived_at', 'members', 'version'],
    ],
  ),
  table('room_names', ['skeleton'], ['canonical_name', 'room_id', 'until']),
  table(
    'room_members',
    ['room_id', 'person_id'],
    ['role', 'joined_seq', 'joined_at', 'left_seq', 'level', 'muted_until'],
  ),
  table('room_bans', ['room_id', 'person_id'], ['by_id', 'reason', 'until', 'created_at']),
  table('room_invitations', ['person_id', 'room_id'], ['by_id', 'created_at']),
  table('room_links', ['hash'], ['room_id', 'by_id', 'uses_left', 'expires_at', 'created_at']),
  table(
    'message_states',
    ['conversation_id', 'seq'],
    [
      ...['version', 'changed_seq', 'edited_seq', 'edited_at', 'edits', 'deleted_seq'],
      ...['deleted_by', 'counted', 'pinned_seq', 'pinned_by', 'reactions', 'thread_count'],
      ...['thread_last', 'thread_user1', 'thread_user2', 'thread_user3', 'thread_n'],
    ],
  ),
  table('message_entries', ['conversation_id', 'target', 'seq'], []),
  table('thread_entries', ['conversation_id', 'root', 'seq'], ['ordinal', 'gone']),
  table('thread_follows', ['person_id', 'conversation_id', 'root'], ['seq', 'is_followed', 'time']),
  table('message_reactions', ['conversation_id', 'seq', 'key', 'person_id'], ['at_seq']),
  table('mentions', ['person_id', 'conversation_id', 'seq'], []),
  table('mentions_of_all', ['conversation_id', 'seq'], ['author_id']),
  table('part_refs', ['ref', 'author_id'], ['conversation_id', 'seq', 'digest']),
  table(
    'attachments',
    ['id'],
    [
      ...['owner_id', 'name', 'size', 'type', 'sha256', 'upload_hash', 'created_at', 'state'],
      ...['held', 'found_type', 'width', 'height', 'conversation_id', 'seq'],
    ],
  ),
  table('attachment_usage', ['owner_id'], ['bytes']),
  // Not who has a claim: whoever follows the copy asks for it anew.
  table('followers', ['name'], ['is_ready', 'epoch']),
  table('follower_cursors', ['follower', 'conversation_id'], ['position']),
];

/** Separate, because it is long, and read conversation by conversation. */
export const EVENTS = table(
  'events',
  ['conversation_id', 'seq'],
  ['uncounted', 'kind', 'target', 'id', 'time', 'author_id', 'text', 'ref', 'digest'],
);

const REF = EVENTS.columns.indexOf('ref');

function table(name: keyof Schema, key: readonly string[], others: readonly string[]): Table {
  return { name, key, columns: [...key, ...others] };
}

/** All rows in key order, in chunks; after a key where one is given. */
export async function* rowsOf(
  database: Kysely<Schema>,
  { name, key, columns }: Table,
  after: Row | null = null,
): AsyncGenerator<readonly Row[]> {
  const keys = sql.join(key.map((column) => sql.ref(column)));
  const wanted = sql.join(columns.map((column) => sql.ref(column)));
  let last = after;
  for (;;) {
    const from = last === null ? sql`` : sql`where (${keys}) > (${sql.join([...last])})`;
    const { rows } = await sql<Record<string, Row[number]>>`
      select ${wanted} from ${sql.table(name)} ${from} order by ${keys} limit ${CHUNK}`.execute(
      database,
    );
    const chunk = rows.map((row) => columns.map((column) => row[column] ?? null));
    if (chunk.length > 0) yield chunk;
    if (chunk.length < CHUNK) return;
    last = chunk.at(-1)?.slice(0, key.length) ?? null;
  }
}

/** A conversation's events above one number, up to another. */
export async function* eventsOf(
  database: Kysely<Schema>,
  conversation: number,
  above: number,
  upTo: number,
): AsyncGenerator<readonly Row[]> {
  const wanted = sql.join(EVENTS.columns.map((column) => sql.ref(column)));
  for (let seq = above; seq < upTo; seq += CHUNK) {
    const { rows } = await sql<Record<string, Row[number]>>`
      select ${wanted} from events
      where conversation_id = ${conversation} and seq > ${seq}
        and seq <= ${Math.min(seq + CHUNK, upTo)}
      order by seq`.execute(database);
    if (rows.length > 0) {
      yield rows.map((row) => EVENTS.columns.map((column) => row[column] ?? null));
    }
  }
}

/** An event as PostgreSQL stores it. */
export function storableEvent(row: Row): Row {
  const ref = row[REF];
  return typeof ref === 'string' ? row.with(REF, storableRef(ref)) : row;
}

/** Upserts rows by their keys. */
export async function putRows(
  database: Kysely<Schema>,
  { name, key, columns }: Table,
  rows: readonly Row[],
): Promise<void> {
  const others = columns.slice(key.length).map((column) => sql.ref(column));
  const changed = sql.join(others.map((column) => sql`${column} = excluded.${column}`));
  const action = others.length === 0 ? sql`nothing` : sql`update set ${changed}`;
  await sql`
    insert into ${sql.table(name)} (${sql.join(columns.map((column) => sql.ref(column)))})
    values ${sql.join(rows.map((row) => sql`(${sql.join([...row])})`))}
    on conflict (${sql.join(key.map((column) => sql.ref(column)))})
    do ${action}`.execute(database);
}
