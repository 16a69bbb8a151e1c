import { statSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '../../dist/config/load.js';
import { PostgresDatabase } from '../../dist/engines/postgres/postgres-database.js';
import { PostgresSearchIndex } from '../../dist/engines/postgres/postgres-search-index.js';
import { SqliteSearchIndex } from '../../dist/engines/sqlite/sqlite-search-index.js';
import { SystemClock } from '../../dist/kernel/clock.js';
import { SystemScheduler } from '../../dist/kernel/scheduler.js';

/** @param {string} folder */
export async function openEmbedded(folder) {
  const index = new SqliteSearchIndex(folder, new SystemClock(), new SystemScheduler());
  index.open();
  await index.progress();
  return {
    put: (entries) => index.put(entries),
    find: (query, request) => index.find(query, request),
    settle: () => Promise.resolve(),
    bytes: () => statSync(join(folder, 'search.db')).size,
    close: () => index.close(),
  };
}

/** @param {string} url */
export async function openShared(url) {
  const settings = loadSettings({ NODE_ENV: 'test', DATABASE_URL: url });
  const database = new PostgresDatabase(settings);
  await database.open();
  const { queries, boundedReader } = database;
  const index = new PostgresSearchIndex(queries, boundedReader, new SystemClock());
  const known = new Set();
  return {
    put: async (entries) => {
      const fresh = new Set(
        entries.map(({ conversation }) => conversation).filter((key) => !known.has(key)),
      );
      for (const key of fresh) {
        known.add(key);
        const row = { key, last_seq: 1, last_time: 0 };
        await queries
          .insertInto('conversations')
          .values(row)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      await index.put(entries);
    },
    find: (query, request) => index.find(query, request),
    settle: async () => {
      await database.appender;
      const { sql } = await import('kysely');
      await sql`vacuum analyze search_messages`.execute(queries);
    },
    bytes: async () => {
      const { sql } = await import('kysely');
      const { rows } = await sql`
        select pg_total_relation_size('search_messages') as size`.execute(queries);
      return Number(rows[0]?.size);
    },
    close: () => database.close(),
  };
}
