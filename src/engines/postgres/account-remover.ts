import type { Kysely } from 'kysely';
import { leftNothing } from '../sql/left-nothing.js';
import type { Schema } from '../sql/schema.js';
import { transact } from '../sql/transact.js';

/** Deletes those of these accounts that went and left nothing, with their dependent rows. */
export async function removeAccounts(
  database: Kysely<Schema>,
  ids: readonly string[],
): Promise<number> {
  return transact(database, async (transaction) => {
    // None of these is a live session: the accounts are gone.
    await transaction.deleteFrom('sessions').where('user_id', 'in', ids).execute();
    // No reference deletes these: it would take a lock on the account in each append.
    await transaction.deleteFrom('thread_follows').where('person_id', 'in', ids).execute();
    const { numDeletedRows } = await transaction
      .deleteFrom('users')
      .where('id', 'in', ids)
      .where('gone_at', 'is not', null)
      .where(leftNothing)
      .executeTakeFirst();
    return Number(numDeletedRows);
  });
}
