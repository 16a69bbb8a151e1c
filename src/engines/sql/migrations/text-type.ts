import { type RawBuilder, sql } from 'kysely';
import type { SqlDialect } from '../schema.js';

export type TextType = 'text' | RawBuilder<unknown>;

/**
 * Text compared byte for byte, as in SQLite. PostgreSQL's default would be a language's collation:
 * slower, and an update of the system's library changes it under existing indexes.
 */
export const TEXT: Readonly<Record<SqlDialect, TextType>> = {
  sqlite: 'text',
  postgres: sql`text collate "C"`,
};
