import { type Kysely, type Migration, Migrator } from 'kysely';
import { initial } from './migrations/0001-initial.js';
import type { Schema, SqlDialect } from './schema.js';

/** In the order of their names. They only ever add: an older service can still read the tables. */
function migrations(dialect: SqlDialect): Record<string, Migration> {
  return { '0001-initial': initial(dialect) };
}

/**
 * Brings the tables up to date.
 * @throws where a migration fails, or where the database was made by a newer service
 */
export async function migrate(database: Kysely<Schema>, dialect: SqlDialect): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve(migrations(dialect)) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new Error(`The database could not be brought up to date: ${why}`, { cause: error });
  }
}
