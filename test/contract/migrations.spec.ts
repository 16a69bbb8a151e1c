import { expect, it } from '@jest/globals';
import { join } from 'node:path';
import { Kysely, Migrator, PostgresDialect, sql } from 'kysely';
import { LOBBY_KEY } from '../../src/chat/conversations/lobby.js';
import { loadSettings } from '../../src/config/load.js';
import { openWriter } from '../../src/engines/sqlite/connection.js';
import { SqliteDialect } from '../../src/engines/sqlite/sqlite-dialect.js';
import { StatementRunner } from '../../src/engines/sqlite/statement-runner.js';
import { connectionConfig } from '../../src/engines/postgres/connection-config.js';
import { openPool } from '../../src/engines/postgres/postgres-pool.js';
import { migrate } from '../../src/engines/sql/migrate.js';
import { initial } from '../../src/engines/sql/migrations/0001-initial.js';
import type { Schema, SqlDialect } from '../../src/engines/sql/schema.js';
import { SqlEventReader } from '../../src/engines/sql/sql-event-reader.js';
import { freshDatabase } from '../support/postgres.js';
import { describeWith } from '../support/requirements.js';
import { temporaryFolder } from '../support/service.js';
import { oneTo } from './drafts.js';

/** SQLite on one connection of this thread. */
function embedded(): { database: Kysely<Schema>; close: () => Promise<void> } {
  const connection = openWriter(join(temporaryFolder(), 'parley.db'));
  const statements = new StatementRunner(connection);
  const exec = (text: string) => Promise.resolve(void connection.exec(text));
  const run = (statement: Parameters<StatementRunner['run']>[0]) =>
    Promise.resolve(statements.run(statement));
  const dialect = new SqliteDialect({
    read: run,
    run,
    begin: async () => {
      await exec('begin immediate');
      return { run, commit: () => exec('commit'), rollback: () => exec('rollback') };
    },
  });
  const close = async () => {
    connection.close();
  };
  return { database: new Kysely<Schema>({ dialect }), close };
}

/** The tables as the first version made them, with a guest and somebody with a password. */
async function asBefore(database: Kysely<Schema>, dialect: SqlDialect): Promise<void> {
  const first = { '0001-initial': initial(dialect) };
  const provider = { getMigrations: () => Promise.resolve(first) };
  await new Migrator({ db: database, provider }).migrateToLatest();
  for (const [id, hash] of [
    ['guest', null],
    ['owner', 'hash'],
  ]) {
    await sql`insert into users (id, username, canonical_name, skeleton, password_hash, created_at)
      values (${id}, ${id}, ${id}, ${id}, ${hash}, 1)`.execute(database);
  }
  await sql`insert into sessions (id, user_id, created_at, expires_at)
    values ('s', 'guest', 1, 2)`.execute(database);
  await sql`insert into refresh_tokens (hash, session_id, expires_at)
    values ('h', 's', 2)`.execute(database);
  await sql`insert into conversations (id, key, last_seq, last_time)
    values (1, 'room:lobby', 0, 0)`.execute(database);
  for (const seq of [1, 2]) await sayAsBefore(database, seq);
}

/** What a node of the first version does to store a message, also beside one of this version. */
async function sayAsBefore(database: Kysely<Schema>, seq: number): Promise<void> {
  await sql`insert into events (conversation_id, seq, id, time, author_id, text, ref)
    values (1, ${seq}, ${`id ${seq}`}, ${seq}, 'owner', ${`said ${seq}`}, null)`.execute(database);
  await sql`update conversations set last_seq = ${seq}, last_time = ${seq}`.execute(database);
}

/** Messages from before count as unread, each by its number, and so do those of older nodes. */
async function expectNumbered(database: Kysely<Schema>, count: number): Promise<void> {
  const events = await new SqlEventReader(database).page(LOBBY_KEY, { limit: 10 });
  const expected = oneTo(count).map((seq) => ({ seq, n: seq, kind: 'message', target: null }));
  expect(events).toMatchObject(expected.map((one) => ({ ...one, body: `said ${one.seq}` })));
}

async function expectBroughtUpToDate(database: Kysely<Schema>, dialect: SqlDialect): Promise<void> {
  await asBefore(database, dialect);
  const before = Date.now();
  await migrate(database, dialect);
  const [guest, owner] = await database.selectFrom('users').selectAll().orderBy('id').execute();
  // A guest from before has all of GUEST_TTL from now on, and is never taken for one without messages.
  expect(guest?.seen_at).toBeGreaterThanOrEqual(before);
  expect(guest).toMatchObject({ gone_at: null, has_written: 1 });
  expect(owner).toMatchObject({ seen_at: null, gone_at: null });
  const tokens = await database.selectFrom('refresh_tokens').selectAll().execute();
  expect(tokens).toMatchObject([{ parent: null, generation: 0, round: 0 }]);
  await expectNumbered(database, 2);
  await sayAsBefore(database, 3);
  await expectNumbered(database, 3);
}

it('Tables of the first version are brought up to date, with what is in them', async () => {
  const { database, close } = embedded();
  await expectBroughtUpToDate(database, 'sqlite');
  await close();
});

describeWith('postgresql', 'on PostgreSQL', () => {
  it('tables of the first version are brought up to date, with what is in them', async () => {
    const pool = openPool(connectionConfig(await freshDatabase(), loadSettings({}).database));
    const database = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
    await expectBroughtUpToDate(database, 'postgres');
    await pool.end();
  });
});
