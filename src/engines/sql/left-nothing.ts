import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { Schema } from './schema.js';

/** Accounts that have written nothing, and received nothing in private. */
export function leftNothing(query: ExpressionBuilder<Schema, 'users'>): Expression<SqlBool> {
  const conversations = query
    .selectFrom('direct_members')
    .select('person_id')
    .whereRef('person_id', '=', 'users.id');
  return query.and([query('has_written', '=', 0), query.not(query.exists(conversations))]);
}
