import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { initial } from './migrations/0001-initial.js';
import { repeatableRefresh } from './migrations/0002-repeatable-refresh.js';
import { familiarAddresses } from './migrations/0003-familiar-addresses.js';
import { guestsThatGo } from './migrations/0004-guests-that-go.js';
import { eventKinds } from './migrations/0005-event-kinds.js';
import { readMarks } from './migrations/0006-read-marks.js';
import { followers } from './migrations/0007-followers.js';
import { rooms } from './migrations/0008-rooms.js';
import { messageStates } from './migrations/0010-message-states.js';
import { attachments } from './migrations/0011-attachments.js';
import { followedThreads } from './migrations/0012-followed-threads.js';
import { search } from './migrations/0020-search.js';
import type { Schema, SqlDialect } from './schema.js';

/**
 * In the order of their names. They are only ever additive: during a rolling upgrade, nodes of the
 * previous version work with the same tables.
 */
function migrations(dialect: SqlDialect): Record<string, Migration> {
  return {
    '0001-initial': initial(dialect),
    '0002-repeatable-refresh': repeatableRefresh(dialect),
    '0003-familiar-addresses': familiarAddresses(dialect),
    '0004-guests-that-go': guestsThatGo(dialect),
    '0005-event-kinds': eventKinds(dialect),
    '0006-read-marks': readMarks(dialect),
    '0007-followers': followers(dialect),
    '0008-rooms': rooms(dialect),
    '0010-message-states': messageStates(dialect),
    '0011-attachments': attachments(dialect),
    '0012-followed-threads': followedThreads(dialect),
    // The embedded database has its index of messages in a file of its own.
    ...(dialect === 'postgres' && { '0020-search': search() }),
  };
}

/** Stands in for a migration of a newer version. */
const DONE_BY_OTHERS: Migration = {
  up: () => Promise.reject(new Error('There is no way back to before a newer version')),
};

/**
 * Migrates the tables. Of several nodes that start together one does it, and the others wait.
 *
 * @throws where a migration fails; and for an embedded database, which nobody shares, where a newer
 *   service made it
 */
export async function migrate(database: Kysely<Schema>, dialect: SqlDialect): Promise<void> {
  const ours = migrations(dialect);
  const theirs = dialect === 'postgres' ? await doneByNewer(database, ours) : {};
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: () => Promise.resolve({ ...ours, ...theirs }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new Error(`The database could not be brought up to date: ${why}`, { cause: error });
  }
}

/** Migrations after our last one: a newer version is already running. */
async function doneByNewer(
  database: Kysely<Schema>,
  ours: Readonly<Record<string, Migration>>,
): Promise<Record<string, Migration>> {
  const table = await sql<{ name: string | null }>`
    select to_regclass('kysely_migration')::text as name`.execute(database);
  if ((table.rows[0]?.name ?? null) === null) return {};
  const last = Object.keys(ours).sort().at(-1) ?? '';
  const done = await sql<{ name: string }>`select name from kysely_migration`.execute(database);
  const newer = done.rows.filter(({ name }) => name > last);
  return Object.fromEntries(newer.map(({ name }) => [name, DONE_BY_OTHERS]));
}
