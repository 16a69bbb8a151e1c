import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect } from 'kysely';
import { readEnvFile } from '../../config/env-file.js';
import { loadSettings, SettingsError } from '../../config/load.js';
import type { Settings } from '../../config/settings.js';
import { addressOf, connectionConfig } from '../postgres/connection-config.js';
import { causeOf } from '../postgres/failures.js';
import { refuseSharing } from '../postgres/pooler.js';
import { openPool } from '../postgres/postgres-pool.js';
import { inspectServer } from '../postgres/server-inspection.js';
import { SqliteDatabase } from '../sqlite/sqlite-database.js';
import { migrate } from '../sql/migrate.js';
import type { Schema } from '../sql/schema.js';
import { transfer, TransferError } from './transfer.js';

/** Copies the embedded database in DATA_DIR into the PostgreSQL database of DATABASE_URL. */
try {
  readEnvFile();
  const settings = loadSettings(process.env);
  const { databaseUrl } = settings;
  if (databaseUrl === null) throw new TransferError('DATABASE_URL: names no database to copy into');
  await withSource(settings, (source) =>
    withTarget(databaseUrl, settings, (target) => transfer(source, target, say)),
  );
  say('Whole, and the same');
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

async function withSource(
  { dataDir }: Settings,
  work: (source: Kysely<Schema>) => Promise<void>,
): Promise<void> {
  if (!existsSync(join(dataDir, 'parley.db'))) {
    throw new TransferError(`There is no embedded database in ${dataDir}`);
  }
  const source = new SqliteDatabase(dataDir);
  // Locks the folder: a service that runs on it must be stopped first.
  await source.open();
  try {
    await work(source.queries);
  } finally {
    await source.close();
  }
}

async function withTarget(
  url: string,
  { database, environment }: Settings,
  work: (target: Kysely<Schema>) => Promise<void>,
): Promise<void> {
  // One connection, which holds the lock; single statements may take as long as they need.
  const patient = connectionConfig(url, { ...database, statementTimeoutMs: 0 });
  await refuseSharing(patient);
  const pool = openPool({ ...patient, query_timeout: 0, max: 1, idleTimeoutMillis: 0 });
  const target = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  say(`Copying into PostgreSQL at ${addressOf(url)}`);
  try {
    const { fatal, doubtful } = await inspectServer(target, environment);
    if (fatal.length > 0) throw new TransferError(`PostgreSQL: ${fatal.join('; ')}`);
    for (const doubt of doubtful) say(`PostgreSQL: ${doubt}`);
    await migrate(target, 'postgres');
    await work(target);
  } finally {
    await pool.end();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function messageOf(error: unknown): string {
  const known = error instanceof SettingsError || error instanceof TransferError;
  return known ? error.message : `The copy was not finished: ${causeOf(error)}`;
}
