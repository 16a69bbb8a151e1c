import type { Kysely, Migration } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT } from './text-type.js';

/**
 * Events that are no messages: what they are about, how many of them a conversation has, and what
 * stood in a body that was emptied. All that is stored is a message, which the defaults say: no row
 * is written, however many there are (docs/decisions/0049).
 */
export function eventKinds(dialect: SqlDialect): Migration {
  return {
    up: async ({ schema }: Kysely<unknown>) => {
      for (const table of ['conversations', 'events']) {
        await schema
          .alterTable(table)
          .addColumn('uncounted', 'bigint', (column) => column.notNull().defaultTo(0))
          .execute();
      }
      await schema.alterTable('events').addColumn('target', 'bigint').execute();
      await schema.alterTable('events').addColumn('digest', TEXT[dialect]).execute();
    },
  };
}
