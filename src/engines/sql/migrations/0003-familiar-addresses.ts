import type { Kysely, Migration } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT } from './text-type.js';

/** The addresses from which each account came in lately, as keyed hashes. */
export function familiarAddresses(dialect: SqlDialect): Migration {
  return {
    up: async ({ schema }: Kysely<unknown>) => {
      const text = TEXT[dialect];
      await schema
        .createTable('familiar_addresses')
        .addColumn('hash', text, (column) => column.primaryKey().notNull())
        .addColumn('user_id', text, (column) =>
          column.notNull().references('users.id').onDelete('cascade'),
        )
        .addColumn('seen_at', 'bigint', (column) => column.notNull())
        .execute();
      const index = (name: string) => schema.createIndex(name).on('familiar_addresses');
      await index('familiar_user').columns(['user_id', 'seen_at']).execute();
      await index('familiar_seen').column('seen_at').execute();
    },
  };
}
