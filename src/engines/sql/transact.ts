import type { Kysely, Transaction } from 'kysely';
import { Refusal } from '../../kernel/refusal.js';
import type { Schema } from './schema.js';

/** Attempts per transaction. */
export const MAX_ATTEMPTS = 5;

/** The database rolled a transaction back because of a conflict; a retry can succeed. */
export class TransactionUndone extends Refusal {
  constructor() {
    super('store-unavailable');
  }
}

/**
 * Runs the work in a transaction, and retries where the database rolled it back.
 * @param work has no side effects outside the database
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
