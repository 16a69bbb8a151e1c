import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import { loadSettings } from '../../src/config/load.js';
import { PostgresDatabase } from '../../src/engines/postgres/postgres-database.js';
import { startApp } from '../support/app.js';
import { enter, join } from '../support/people.js';
import { type Pooler, startPgBouncer } from '../support/pgbouncer.js';
import { ask, freshDatabase } from '../support/postgres.js';
import { describeWith } from '../support/requirements.js';

function open(databaseUrl: string): PostgresDatabase {
  const { database, environment } = loadSettings({
    NODE_ENV: 'test',
    DATABASE_START_TIMEOUT: '30',
  });
  return new PostgresDatabase({ databaseUrl, database, environment });
}

describeWith(['pgbouncer', 'postgresql of its own'], 'PostgreSQL behind PgBouncer', () => {
  let server: string;
  let pooler: Pooler;
  let database: PostgresDatabase | null = null;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    server = await freshDatabase();
    pooler = await startPgBouncer(server);
  });

  afterAll(async () => {
    await database?.close();
  });

  it('works in session mode, with every connection set up as at the server itself', async () => {
    // What the server would do if nobody asked for anything else.
    const { pathname } = new URL(server);
    await ask(server, `alter database ${pathname.slice(1)} set synchronous_commit = off`);
    const { queries } = (database = open(pooler.session));
    await database.open();
    const settings = sql<Record<string, string>>`
      select current_setting('synchronous_commit') as commits,
             current_setting('statement_timeout') as statement,
             current_setting('idle_in_transaction_session_timeout') as idle,
             current_setting('transaction_isolation') as isolation,
             current_setting('application_name') as name`;
    // More at a time than one connection serves.
    const answers = await Promise.all(Array.from({ length: 20 }, () => settings.execute(queries)));
    for (const { rows } of answers) {
      expect(rows).toEqual([
        {
          commits: 'on',
          statement: '10s',
          idle: '10s',
          isolation: 'read committed',
          name: 'parley',
        },
      ]);
    }
  });

  it('carries a service in session mode: accounts, messages, what was missed', async () => {
    const place = await startApp({ DATABASE_URL: pooler.session });
    const ann = await enter(place, 'ann');
    ann.socket.send({ type: 2, data: 'through the pooler', ref: 'r1' });
    await ann.socket.next({ type: 6, ref: 'r1', seq: 1 });
    const again = await join(place, ann.tokens);
    again.send({ type: 8, data: { lobby: 0 } });
    await again.next({ type: 2, data: 'through the pooler', seq: 1 });
  });

  it.each(['transaction', 'statement'] as const)(
    'stops the start in %s mode, at once and in plain words',
    async (mode) => {
      await expect(open(pooler[mode]).open()).rejects.toThrow(
        /^PostgreSQL at 127\.0\.0\.1:\d+ cannot be used: a pooler hands its connections on after each transaction; give every client one of its own \(pool_mode = session in PgBouncer\)/,
      );
    },
  );

  it('stops the start in transaction mode, too, where others use the same pooler', async () => {
    const busy = Array.from({ length: 5 }, () =>
      ask(pooler.transaction, 'select pg_sleep(0.2), pg_backend_pid()'),
    );
    await expect(open(pooler.transaction).open()).rejects.toThrow('hands its connections on');
    await Promise.all(busy);
  });
});
