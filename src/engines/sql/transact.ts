import type { Kysely, Transaction } from 'kysely';
import { Refusal } from '../../kernel/refusal.js';
import type { Schema } from './schema.js';

/** How often a transaction is begun before whoever asked is told. */
export const MAX_ATTEMPTS = 5;

/** The database undid a transaction because it met another one; begun again, it can succeed. */
export class TransactionUndone extends Refusal {
  constructor() {
    super('store-unavailable');
  }
}

/**
 * Does the work in a transaction, from the beginning again where the database undid it.
 * @param work has no effects but those on the database
 */
export async function transact<Result>(
  database: Kysely<Schema>,
  work: (transaction: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction().execute(work);
    } catch (error) {
      if (!(error instanceof TransactionUndone) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}
