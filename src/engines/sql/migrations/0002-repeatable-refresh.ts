import type { Kysely, Migration } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT } from './text-type.js';

/** From which refresh token one comes, how far from the first, and together with which others. */
export function repeatableRefresh(dialect: SqlDialect): Migration {
  return {
    up: async ({ schema }: Kysely<unknown>) => {
      const tokens = () => schema.alterTable('refresh_tokens');
      await tokens().addColumn('parent', TEXT[dialect]).execute();
      await tokens()
        .addColumn('generation', 'bigint', (column) => column.notNull().defaultTo(0))
        .execute();
      await tokens()
        .addColumn('round', 'bigint', (column) => column.notNull().defaultTo(0))
        .execute();
      await schema.createIndex('refresh_parent').on('refresh_tokens').column('parent').execute();
    },
  };
}
