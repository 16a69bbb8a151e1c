import type { Kysely } from 'kysely';
import type { Schema } from './schema.js';

/** Commits a counter of its own: a page is written and synced, as for a message. */
export async function proveWritable(database: Kysely<Schema>): Promise<void> {
  await database
    .insertInto('counters')
    .values({ name: 'write-probe', value: 1 })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((update) => ({ value: update('counters.value', '+', 1) })),
    )
    .execute();
}
