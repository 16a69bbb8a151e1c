import type { Kysely, Migration } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT } from './text-type.js';

/** A refresh token's parent, its generation, and the round of successors it belongs to. */
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
