import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from '../sql/schema.js';
import { eventsOf, type Row, rowsOf, storableEvent, type Table } from './tables.js';

interface Sum {
  readonly rows: number;
  readonly digest: string;
}

/** @returns the number of rows if both are equal; null where they differ */
export async function compareTable(
  source: Kysely<Schema>,
  target: Kysely<Schema>,
  table: Table,
): Promise<number | null> {
  const [one, other] = await Promise.all([
    sumOf(rowsOf(source, table)),
    sumOf(rowsOf(target, table)),
  ]);
  return one.rows === other.rows && one.digest === other.digest ? one.rows : null;
}

/** Whether all events of a conversation, up to a number, are equal and contiguous. */
export async function compareEvents(
  source: Kysely<Schema>,
  target: Kysely<Schema>,
  conversation: number,
  upTo: number,
): Promise<boolean> {
  const [one, other] = await Promise.all([
    sumOf(eventsOf(source, conversation, 0, upTo), storableEvent),
    sumOf(eventsOf(target, conversation, 0, upTo)),
  ]);
  return one.rows === upTo && other.rows === upTo && one.digest === other.digest;
}

async function sumOf(
  chunks: AsyncIterable<readonly Row[]>,
  form: (row: Row) => Row = (row) => row,
): Promise<Sum> {
  const hash = createHash('sha256');
  let rows = 0;
  for await (const chunk of chunks) {
    for (const row of chunk) hash.update(`${JSON.stringify(form(row))}\n`);
    rows += chunk.length;
  }
  return { rows, digest: hash.digest('hex') };
}
