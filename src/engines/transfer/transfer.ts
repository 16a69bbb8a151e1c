import { type Kysely, sql } from 'kysely';
import { markTransfer, unfinishedTransfer, unmarkTransfer } from '../postgres/transfer-mark.js';
import type { Schema } from '../sql/schema.js';
import { compareEvents, compareTable } from './comparison.js';
import { EVENTS, eventsOf, putRows, rowsOf, storableEvent, TABLES } from './tables.js';

/** The copy cannot be made; says why. */
export class TransferError extends Error {}

/** Reports progress, a line at a time. */
export type Report = (line: string) => void;

/** Rows that end and are removed: what is left of an earlier attempt may be gone from the source. */
const PASSING = [
  ...(['familiar_addresses', 'tickets', 'refresh_tokens', 'sessions'] as const),
  ...(['followers', 'follower_cursors'] as const),
];

/** The advisory lock of the one copy that writes into a database. Any number unused elsewhere. */
const LOCK = 7_275_303_911_402;

interface Conversation {
  readonly id: number;
  readonly key: string;
  readonly last_seq: number;
}

/**
 * Copies an embedded database into an empty PostgreSQL database, and compares the two, row by row.
 * All numbers are kept. After an interruption the next call continues; after completion it compares
 * again.
 *
 * @param target migrated; all of its queries go over one connection
 * @throws TransferError where the target holds something else, or the copy differs from its source
 */
export async function transfer(
  source: Kysely<Schema>,
  target: Kysely<Schema>,
  report: Report,
): Promise<void> {
  const origin = await firstAccount(source);
  if (origin === null) throw new TransferError('The embedded database is empty');
  await claim(target);
  const unfinished = await unfinishedTransfer(target);
  if (unfinished === null && (await isUsed(target))) {
    if (!(await hasAccount(target, origin))) refuseForeign();
    report('Everything was copied before; comparing the messages');
    await compareMessages(source, target, report);
    return;
  }
  if (unfinished === null) await markTransfer(target, origin);
  else if (unfinished !== origin) refuseForeign();
  await copy(source, target, report);
  await compareAll(source, target, report);
  await unmarkTransfer(target);
}

async function copy(source: Kysely<Schema>, target: Kysely<Schema>, report: Report): Promise<void> {
  for (const name of PASSING) await target.deleteFrom(name).execute();
  for (const table of TABLES) {
    let count = 0;
    for await (const rows of rowsOf(source, table)) {
      await putRows(target, table, rows);
      count += rows.length;
    }
    report(`copied ${table.name}: ${count}`);
  }
  await copyEvents(source, target, report);
  // The next conversation must not get an id that is taken.
  await sql`
    select setval(pg_get_serial_sequence('conversations', 'id'), max(id)) from conversations
    having max(id) is not null`.execute(target);
}

async function copyEvents(
  source: Kysely<Schema>,
  target: Kysely<Schema>,
  report: Report,
): Promise<void> {
  const total = await sizeOf(source);
  let count = 0;
  for await (const { id, last_seq } of conversationsOf(source)) {
    const above = await headOf(target, id);
    count += above;
    for await (const rows of eventsOf(source, id, above, last_seq)) {
      await putRows(target, EVENTS, rows.map(storableEvent));
      count += rows.length;
      report(`copied events: ${count} of ${total}`);
    }
  }
}

/** Compares whole tables, and the messages of each conversation. */
async function compareAll(
  source: Kysely<Schema>,
  target: Kysely<Schema>,
  report: Report,
): Promise<void> {
  for (const table of TABLES) {
    const rows = await compareTable(source, target, table);
    if (rows === null) refuseDifferent(table.name);
    report(`compared ${table.name}: ${rows}`);
  }
  if ((await sizeOf(source)) !== (await sizeOf(target))) refuseDifferent('events');
  await compareMessages(source, target, report);
}

async function compareMessages(
  source: Kysely<Schema>,
  target: Kysely<Schema>,
  report: Report,
): Promise<void> {
  let conversations = 0;
  let messages = 0;
  for await (const { id, key, last_seq } of conversationsOf(source)) {
    const copied = await idOf(target, key);
    if (copied !== id || !(await compareEvents(source, target, id, last_seq))) {
      refuseDifferent(`conversation ${id}`);
    }
    conversations += 1;
    messages += last_seq;
  }
  report(`compared events: ${messages} in ${conversations} conversations`);
}

async function* conversationsOf(database: Kysely<Schema>): AsyncGenerator<Conversation> {
  const table = { name: 'conversations', key: ['id'], columns: ['id', 'key', 'last_seq'] } as const;
  for await (const rows of rowsOf(database, table)) {
    for (const [id, key, last_seq] of rows) {
      yield { id: Number(id), key: String(key), last_seq: Number(last_seq) };
    }
  }
}

/**
 * Ids are never reused: the first account identifies a database. Where that was a guest who has been
 * removed on one side since, the two no longer count as the same, and the copy is refused.
 */
async function firstAccount(database: Kysely<Schema>): Promise<string | null> {
  const query = database.selectFrom('users').select('id').orderBy('id').limit(1);
  return (await query.executeTakeFirst())?.id ?? null;
}

async function hasAccount(database: Kysely<Schema>, id: string): Promise<boolean> {
  const query = database.selectFrom('users').select('id').where('id', '=', id);
  return (await query.executeTakeFirst()) !== undefined;
}

async function isUsed(database: Kysely<Schema>): Promise<boolean> {
  if ((await firstAccount(database)) !== null) return true;
  const counter = database.selectFrom('counters').select('name').limit(1);
  return (await counter.executeTakeFirst()) !== undefined;
}

async function claim(target: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ mine: boolean }>`
    select pg_try_advisory_lock(${LOCK}::bigint) as mine`.execute(target);
  if (rows[0]?.mine !== true) throw new TransferError('Another copy into this database is running');
}

async function headOf(database: Kysely<Schema>, conversation: number): Promise<number> {
  const { head } = await database
    .selectFrom('events')
    .select((query) => query.fn.max<number | null>('seq').as('head'))
    .where('conversation_id', '=', conversation)
    .executeTakeFirstOrThrow();
  return head ?? 0;
}

async function idOf(database: Kysely<Schema>, key: string): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    select id from conversations where key = ${key}`.execute(database);
  return rows[0]?.id;
}

async function sizeOf(database: Kysely<Schema>): Promise<number> {
  const { count } = await database
    .selectFrom('events')
    .select((query) => query.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function refuseForeign(): never {
  throw new TransferError('The PostgreSQL database is not empty, and holds something else');
}

function refuseDifferent(what: string): never {
  throw new TransferError(
    `The copy is not like its source (${what}): begin again with an empty database`,
  );
}
