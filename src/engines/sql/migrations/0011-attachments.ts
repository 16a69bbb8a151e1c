import { type Kysely, type Migration, sql } from 'kysely';
import type { SqlDialect } from '../schema.js';
import { TEXT } from './text-type.js';

/** Files that messages have, and how many bytes are held for whom (docs/decisions/0061). */
export function attachments(dialect: SqlDialect): Migration {
  return {
    up: async ({ schema }: Kysely<unknown>) => {
      const text = TEXT[dialect];
      await schema
        .createTable('attachments')
        .addColumn('id', text, (column) => column.primaryKey().notNull())
        // No reference: what an account has written stays when it goes.
        .addColumn('owner_id', text, (column) => column.notNull())
        .addColumn('name', text, (column) => column.notNull())
        .addColumn('size', 'bigint', (column) => column.notNull())
        .addColumn('type', text, (column) => column.notNull())
        .addColumn('sha256', text)
        .addColumn('upload_hash', text, (column) => column.notNull())
        .addColumn('created_at', 'bigint', (column) => column.notNull())
        .addColumn('state', text, (column) => column.notNull().defaultTo('waiting'))
        .addColumn('held', 'bigint', (column) => column.notNull())
        .addColumn('found_type', text)
        .addColumn('width', 'bigint')
        .addColumn('height', 'bigint')
        .addColumn('conversation_id', 'bigint')
        .addColumn('seq', 'bigint')
        .execute();
      await schema
        .createIndex('attachments_message')
        .on('attachments')
        .columns(['conversation_id', 'seq'])
        .execute();
      await schema
        .createIndex('attachments_unused')
        .on('attachments')
        .column('created_at')
        .where(sql.ref('seq'), 'is', null)
        .execute();
      await schema
        .createIndex('attachments_gone')
        .on('attachments')
        .column('id')
        .where(sql.ref('state'), '=', sql.lit('gone'))
        .execute();
      await schema
        .createTable('attachment_usage')
        .addColumn('owner_id', text, (column) => column.primaryKey().notNull())
        .addColumn('bytes', 'bigint', (column) => column.notNull())
        .execute();
    },
  };
}
