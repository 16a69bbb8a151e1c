import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import { roomKey } from '../../chat/conversations/key.js';
import type { Draft } from '../../chat/log/event.js';
import { Refusal } from '../../kernel/refusal.js';
import { SqlUserStore } from '../sql/sql-user-store.js';
import { openDatabase } from './drivers/choose-driver.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteEventLog } from './sqlite-event-log.js';
import { pendingDirectsOf } from './sqlite-mark-store.js';

const ALICE = { id: '01ALICE', username: 'Alice' };
const LOBBY = roomKey('lobby');
const UNAVAILABLE = new Refusal('store-unavailable');

let lastId = 0;

function draft(text = 'hello'): Draft {
  lastId += 1;
  return {
    conversation: LOBBY,
    id: `id ${lastId}`,
    time: 1_790_000_000_000,
    author: ALICE,
    to: null,
    kind: 'message',
    target: null,
    body: text,
    counts: true,
    ref: `ref ${lastId}`,
  };
}

describe('The embedded database', () => {
  let folder: string;
  let database: SqliteDatabase;
  let store: SqliteEventLog;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    folder = mkdtempSync(join(tmpdir(), 'parley-'));
    database = new SqliteDatabase(folder);
    store = new SqliteEventLog(database, pendingDirectsOf(database));
    await database.open();
    await createAlice();
  });

  afterEach(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
    Logger.overrideLogger(true);
  });

  async function createAlice(): Promise<void> {
    await new SqlUserStore(database.queries).create({
      ...ALICE,
      canonicalName: 'alice',
      skeleton: 'alice',
      passwordHash: null,
      createdAt: 0,
    });
  }

  async function texts(): Promise<string[]> {
    return (await store.page(LOBBY, { limit: 1_000 })).map((event) => event.body);
  }

  /** Another program with the file open. */
  function stranger() {
    return openDatabase(join(folder, 'parley.db'));
  }

  describe('while another program holds the write lock', () => {
    it('refuses to write, reads on, and heals when the lock is gone', async () => {
      await store.append([draft('before')]);
      const holder = stranger();
      holder.exec('begin immediate');
      await expect(store.append([draft('locked out')])).rejects.toEqual(UNAVAILABLE);
      expect(await texts()).toEqual(['before']);
      holder.exec('rollback');
      holder.close();
      const appended = await store.append([draft('after')]);
      expect(appended).toMatchObject([{ status: 'stored', receipt: { seq: 2 } }]);
      expect(await texts()).toEqual(['before', 'after']);
    });

    it('refuses everything that waits together, not one after the other', async () => {
      const holder = stranger();
      holder.exec('begin immediate');
      const users = new SqlUserStore(database.queries);
      const waiting = Array.from({ length: 200 }, () => users.nextGuestNumber());
      const results = await Promise.allSettled(waiting);
      for (const result of results) expect(result).toMatchObject({ reason: UNAVAILABLE });
      holder.exec('rollback');
      holder.close();
      expect(await users.nextGuestNumber()).toBe(1);
    });

    it('refuses transactions, and lets the next one in', async () => {
      const holder = stranger();
      holder.exec('begin immediate');
      const transaction = database.queries.transaction();
      await expect(transaction.execute(() => Promise.resolve())).rejects.toEqual(UNAVAILABLE);
      holder.exec('rollback');
      holder.close();
      await expect(transaction.execute(() => Promise.resolve('in'))).resolves.toBe('in');
    });
  });

  describe('while the disk is full', () => {
    async function setMaximum(pages: number): Promise<void> {
      await sql`pragma max_page_count = ${sql.lit(pages)}`.execute(database.queries);
    }

    /** Keeps the file from growing. */
    async function fillDisk(): Promise<void> {
      const size = stranger();
      await setMaximum(size.pragma('page_count') as number);
      size.close();
    }

    it('refuses to write, reads on, and heals when there is room', async () => {
      await store.append([draft('before')]);
      await fillDisk();
      const large = draft('x'.repeat(100_000));
      await expect(store.append([draft('small'), large])).rejects.toEqual(UNAVAILABLE);
      await expect(store.append([large])).rejects.toEqual(UNAVAILABLE);
      expect(await texts()).toEqual(['before']);
      expect(await store.heads([LOBBY])).toEqual(new Map([[LOBBY, 1]]));
      await setMaximum(1_000_000);
      const appended = await store.append([draft('after'), large]);
      expect(appended).toMatchObject([{ receipt: { seq: 2 } }, { receipt: { seq: 3 } }]);
    });

    it('reports it when it begins and when it is over, however much is tried in between', async () => {
      const lines: string[] = [];
      const write = (line: string) => void lines.push(line);
      Logger.overrideLogger({ log: write, warn: write, error: write });
      await fillDisk();
      for (let attempt = 0; attempt < 5; attempt++) {
        await expect(store.append([draft('x'.repeat(100_000))])).rejects.toEqual(UNAVAILABLE);
        const grow = database.queries.transaction().execute((queries) =>
          queries
            .insertInto('counters')
            .values({ name: 'x'.repeat(100_000), value: 1 })
            .execute(),
        );
        await expect(grow).rejects.toEqual(UNAVAILABLE);
        await database.queries.deleteFrom('counters').where('name', '=', 'nothing').execute();
      }
      await setMaximum(1_000_000);
      await store.append([draft()]);
      expect(lines).toEqual([
        "The database's writer is failing: SQLITE_FULL: database or disk is full",
        "The database's writer works again",
      ]);
    });
  });

  describe('when a thread dies', () => {
    /** Ends a thread as out-of-memory would. */
    function kill(role: 'writer' | 'reader'): Promise<number> {
      const thread = Reflect.get(database, role) as object;
      return (Reflect.get(thread, 'worker') as Worker).terminate();
    }

    async function untilItWorks<Result>(work: () => Promise<Result>): Promise<Result> {
      for (;;) {
        try {
          return await work();
        } catch (error) {
          expect(error).toEqual(UNAVAILABLE);
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    }

    it('rejects what was pending, refuses meanwhile, and writes on with another one', async () => {
      await store.append([draft('before')]);
      const pending = Array.from({ length: 50 }, () => store.append([draft('pending')]));
      const settled = Promise.allSettled(pending);
      await kill('writer');
      for (const result of await settled) {
        if (result.status === 'rejected') expect(result.reason).toEqual(UNAVAILABLE);
      }
      await expect(store.append([draft('too early')])).rejects.toEqual(UNAVAILABLE);
      await untilItWorks(() => store.append([draft('after')]));
      const events = await store.page(LOBBY, { limit: 1_000 });
      expect(events.map((event) => event.seq)).toEqual(events.map((_event, index) => index + 1));
      expect(events.at(0)?.body).toBe('before');
      expect(events.at(-1)?.body).toBe('after');
    });

    it('reads on with another one', async () => {
      await store.append([draft('before')]);
      await kill('reader');
      expect(await untilItWorks(texts)).toEqual(['before']);
    });

    it('does not go on with its transaction on another one', async () => {
      const transaction = database.queries.transaction().execute(async (queries) => {
        await queries.insertInto('counters').values({ name: 'first', value: 1 }).execute();
        await kill('writer');
        await untilItWorks(async () => {
          await createAliceAgain();
        });
        await queries.insertInto('counters').values({ name: 'second', value: 1 }).execute();
      });
      await expect(transaction).rejects.toEqual(UNAVAILABLE);
      expect(await database.queries.selectFrom('counters').selectAll().execute()).toEqual([]);
      await store.append([draft('after')]);
    });

    /** Waits for the writer without passing the gate, which the transaction holds. */
    async function createAliceAgain(): Promise<void> {
      const thread = Reflect.get(database, 'writer') as { readonly state: string };
      if (thread.state !== 'up') await Promise.reject(UNAVAILABLE);
    }

    it('can be closed while the next one is awaited', async () => {
      await kill('writer');
      await expect(database.close()).resolves.toBeUndefined();
    });
  });

  describe('while its file is not under its name', () => {
    const inFolder = (name: string): string => join(folder, name);

    /** Until a part of it has noticed: the first one refused may have been written. */
    async function refusesAll(): Promise<void> {
      await expect(store.append([draft('to no file')])).rejects.toEqual(UNAVAILABLE);
      await expect(store.append([draft('nor this')])).rejects.toEqual(UNAVAILABLE);
      await expect(new SqlUserStore(database.queries).nextGuestNumber()).rejects.toEqual(
        UNAVAILABLE,
      );
      const transaction = database.queries.transaction();
      await expect(transaction.execute(() => Promise.resolve())).rejects.toEqual(UNAVAILABLE);
      await expect(texts()).rejects.toEqual(UNAVAILABLE);
    }

    it('acknowledges nothing, and heals when it was moved away and back', async () => {
      await store.append([draft('before')]);
      renameSync(inFolder('parley.db'), inFolder('elsewhere'));
      await refusesAll();
      renameSync(inFolder('elsewhere'), inFolder('parley.db'));
      await store.append([draft('after')]);
      const found = await texts();
      expect([found.at(0), found.at(-1)]).toEqual(['before', 'after']);
      expect(found).not.toContain('nor this');
    });

    it('acknowledges nothing where a copy stands in its place', async () => {
      await store.append([draft('before')]);
      copyFileSync(inFolder('parley.db'), inFolder('copy'));
      renameSync(inFolder('copy'), inFolder('parley.db'));
      await refusesAll();
    });

    it('acknowledges nothing while its log, where the latest is, was removed', async () => {
      await store.append([draft('before')]);
      rmSync(inFolder('parley.db-wal'));
      await refusesAll();
    });

    it('says which file, and what to do, once', async () => {
      const lines: string[] = [];
      const write = (line: string) => void lines.push(line);
      Logger.overrideLogger({ log: write, warn: write, error: write });
      rmSync(inFolder('parley.db'));
      for (let n = 0; n < 3; n++) {
        await expect(store.append([draft()])).rejects.toEqual(UNAVAILABLE);
      }
      expect(lines).toEqual([
        `The database's writer is failing: DATABASE_GONE: ${inFolder('parley.db')} was removed, ` +
          'moved or replaced while it was open; put it back, or stop the service and restore a backup',
      ]);
    });

    it('does not begin a new one in its place when a thread dies', async () => {
      rmSync(inFolder('parley.db'));
      const thread = Reflect.get(database, 'writer') as object;
      await (Reflect.get(thread, 'worker') as Worker).terminate();
      for (let n = 0; n < 20; n++) {
        await expect(store.append([draft()])).rejects.toEqual(UNAVAILABLE);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(existsSync(inFolder('parley.db'))).toBe(false);
    });
  });

  describe('in a transaction', () => {
    it('stores all or nothing', async () => {
      const failing = database.queries.transaction().execute(async (queries) => {
        await queries.insertInto('counters').values({ name: 'mine', value: 1 }).execute();
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await database.queries.selectFrom('counters').selectAll().execute()).toEqual([]);
    });

    it('sees what it has written itself, and nobody else does', async () => {
      await database.queries.transaction().execute(async (queries) => {
        await queries.insertInto('counters').values({ name: 'mine', value: 1 }).execute();
        expect(await queries.selectFrom('counters').selectAll().execute()).toHaveLength(1);
        expect(await database.queries.selectFrom('counters').selectAll().execute()).toEqual([]);
      });
      expect(await database.queries.selectFrom('counters').selectAll().execute()).toHaveLength(1);
    });

    it('keeps appends out, which are stored whatever becomes of it', async () => {
      const appended: Promise<unknown>[] = [];
      const failing = database.queries.transaction().execute(async (queries) => {
        await queries.insertInto('counters').values({ name: 'mine', value: 1 }).execute();
        appended.push(store.append([draft('meanwhile')]));
        await queries.insertInto('counters').values({ name: 'other', value: 1 }).execute();
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      await Promise.all(appended);
      expect(await texts()).toEqual(['meanwhile']);
    });

    it('does not let a failed statement spoil those that others sent beside it', async () => {
      const insert = (name: string) =>
        database.queries.insertInto('counters').values({ name, value: 1 }).execute();
      const results = await Promise.allSettled(['one', 'two', 'one', 'three'].map(insert));
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      expect(await database.queries.selectFrom('counters').selectAll().execute()).toHaveLength(3);
    });
  });

  it('tells a defect from an outage', async () => {
    const broken = sql`select * from nowhere`.execute(database.queries);
    await expect(broken).rejects.toEqual(new Refusal('internal'));
  });

  it('syncs each commit again after marks that it did not sync', async () => {
    await store.append([draft()]);
    await database.mark([[ALICE.id, LOBBY, 1]]);
    const { rows } = await sql`pragma synchronous`.execute(database.queries);
    expect(rows).toEqual([{ synchronous: 2 }]);
  });

  it('refuses more than ten thousand requests that wait', async () => {
    const answers = await Promise.allSettled(
      Array.from({ length: 10_050 }, () => store.heads([LOBBY])),
    );
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(50);
    expect(refused[0]).toMatchObject({ reason: new Refusal('busy') });
  });

  describe('when it is closed', () => {
    it('has stored everything that it had taken before', async () => {
      const taken: Promise<unknown>[] = [];
      let closing: Promise<void> | undefined;
      await database.queries.transaction().execute(async (queries) => {
        for (let count = 0; count < 20; count++) taken.push(store.append([draft()]));
        closing = database.close();
        await queries.insertInto('counters').values({ name: 'mine', value: 1 }).execute();
      });
      await closing;
      await expect(Promise.all(taken)).resolves.toHaveLength(20);
      database = new SqliteDatabase(folder);
      store = new SqliteEventLog(database, pendingDirectsOf(database));
      await database.open();
      expect(await store.heads([LOBBY])).toEqual(new Map([[LOBBY, 20]]));
      expect(await database.queries.selectFrom('counters').selectAll().execute()).toHaveLength(1);
    });

    it('refuses whatever comes then', async () => {
      await database.close();
      const stopping = new Refusal('stopping');
      await expect(store.append([draft()])).rejects.toEqual(stopping);
      await expect(store.heads([LOBBY])).rejects.toEqual(stopping);
      const transaction = database.queries.transaction();
      await expect(transaction.execute(() => Promise.resolve())).rejects.toEqual(stopping);
    });

    it('leaves one file behind, with everything in it', async () => {
      await store.append([draft('kept')]);
      await database.close();
      const file = stranger();
      expect(file.prepare('select text from events').all()).toEqual([{ text: 'kept' }]);
      expect(file.pragma('integrity_check')).toBe('ok');
      file.close();
    });
  });

  describe('when it is opened', () => {
    it('refuses a folder that another service has, and leaves that one be', async () => {
      const second = new SqliteDatabase(folder);
      await expect(second.open()).rejects.toThrow('is in use by another service');
      await expect(second.close()).resolves.toBeUndefined();
      await expect(store.append([draft()])).resolves.toHaveLength(1);
    });

    it('says what is wrong with a file that is no database, and lets go of the folder', async () => {
      const other = mkdtempSync(join(tmpdir(), 'parley-'));
      writeFileSync(join(other, 'parley.db'), 'this is not a database, whatever its name says');
      await expect(new SqliteDatabase(other).open()).rejects.toThrow('file is not a database');
      await expect(new SqliteDatabase(other).open()).rejects.toThrow('file is not a database');
      rmSync(other, { recursive: true });
    });

    it('refuses a database that a newer service has changed', async () => {
      await database.queries
        .insertInto('kysely_migration' as never)
        .values({ name: '9999-from-the-future', timestamp: '' })
        .execute();
      await database.close();
      database = new SqliteDatabase(folder);
      await expect(database.open()).rejects.toThrow('9999-from-the-future');
    });
  });
});
