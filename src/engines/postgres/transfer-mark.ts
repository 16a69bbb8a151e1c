import { type Kysely, sql } from 'kysely';
import type { Schema } from '../sql/schema.js';

/**
 * A table that exists from the first row of a copied database to its last check. A service does not
 * start while it does: it would assign numbers that the copy still needs.
 */
const TABLE = sql.table('unfinished_transfer');

/** The source of an unfinished copy into this database; null: none. */
export async function unfinishedTransfer(database: Kysely<Schema>): Promise<string | null> {
  const found = await sql<{ name: string | null }>`
    select to_regclass('unfinished_transfer')::text as name`.execute(database);
  if ((found.rows[0]?.name ?? null) === null) return null;
  const { rows } = await sql<{ source: string }>`select source from ${TABLE}`.execute(database);
  return rows[0]?.source ?? '';
}

export async function markTransfer(database: Kysely<Schema>, source: string): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await sql`create table ${TABLE} (source text not null)`.execute(transaction);
    await sql`insert into ${TABLE} (source) values (${source})`.execute(transaction);
  });
}

export async function unmarkTransfer(database: Kysely<Schema>): Promise<void> {
  await sql`drop table ${TABLE}`.execute(database);
}
