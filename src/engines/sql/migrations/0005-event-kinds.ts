import type { Kysely, Migration } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT } from './text-type.js';

/**
 * Events other than messages: what they refer to, how many of them a conversation has, and the
 * digest of a body that was emptied. Everything stored so far is a message, as the defaults say: no
 * row is rewritten, however many there are (docs/decisions/0049).
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
