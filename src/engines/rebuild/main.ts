import { readEnvFile } from '../../config/env-file.js';
import { loadSettings } from '../../config/load.js';
import type { Settings } from '../../config/settings.js';
import { SystemClock } from '../../kernel/clock.js';
import { SEARCH } from '../../search/search-index.js';
import { PostgresDatabase } from '../postgres/postgres-database.js';
import { PostgresFollowerCursors } from '../postgres/postgres-follower-cursors.js';
import { PostgresSearchIndex } from '../postgres/postgres-search-index.js';
import { DataFolder } from '../sqlite/data-folder.js';

/**
 * A program of its own: throws the index of messages away, so that the service fills it anew from the
 * log. With the embedded database the service must not run; with PostgreSQL it may.
 */
try {
  readEnvFile();
  const settings = loadSettings(process.env);
  const { databaseUrl } = settings;
  const said =
    databaseUrl === null
      ? rebuildEmbedded(settings.dataDir)
      : await rebuildShared({ ...settings, databaseUrl });
  process.stdout.write(`${said}\n`);
} catch (error) {
  process.stderr.write(
    `The index was not thrown away: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}

function rebuildEmbedded(dataDir: string): string {
  const folder = new DataFolder(dataDir);
  folder.claim();
  try {
    folder.removeSearchFile();
  } finally {
    folder.release();
  }
  return `${folder.searchFile} is removed: the service makes it anew at its next start`;
}

/** Whoever fills the index loses the claim with the cursors, and begins anew within five seconds. */
async function rebuildShared(
  settings: Settings & { readonly databaseUrl: string },
): Promise<string> {
  const database = new PostgresDatabase(settings);
  await database.open();
  try {
    const { queries, boundedReader } = database;
    const cursors = new PostgresFollowerCursors(queries);
    const index = new PostgresSearchIndex(queries, boundedReader, new SystemClock());
    await index.empty();
    await cursors.reset(SEARCH);
  } finally {
    await database.close();
  }
  return 'The index is empty: the nodes that run, or the next one to start, fill it anew';
}
