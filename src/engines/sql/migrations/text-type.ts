import { type RawBuilder, sql } from 'kysely';
import type { SqlDialect } from '../schema.js';

export type TextType = 'text' | RawBuilder<unknown>;

/**
 * Text that is compared byte for byte, as SQLite does. PostgreSQL would follow the rules of a
 * language: dearer, and with an update of the system's library they change under the indexes.
 */
export const TEXT: Readonly<Record<SqlDialect, TextType>> = {
  sqlite: 'text',
  postgres: sql`text collate "C"`,
};
