import { describe, expect, it } from '@jest/globals';
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import { draft, LOBBY, sqliteForEach } from '../../../test/support/sqlite-stage.js';
import { Refusal } from '../../kernel/refusal.js';
import { SqlUserStore } from '../sql/sql-user-store.js';

const UNAVAILABLE = new Refusal('store-unavailable');

const stage = sqliteForEach();

describe('The embedded database', () => {
  describe('while another program holds the write lock', () => {
    it('refuses to write, reads on, and heals when the lock is gone', async () => {
      const { store } = stage();
      await store.append([draft('before')]);
      const holder = stage().stranger();
      holder.exec('begin immediate');
      await expect(store.append([draft('locked out')])).rejects.toEqual(UNAVAILABLE);
      expect(await stage().texts()).toEqual(['before']);
      holder.exec('rollback');
      holder.close();
      const appended = await store.append([draft('after')]);
      expect(appended).toMatchObject([{ status: 'stored', receipt: { seq: 2 } }]);
      expect(await stage().texts()).toEqual(['before', 'after']);
    });

    it('refuses everything that waits together, not one after the other', async () => {
      const { database } = stage();
      const holder = stage().stranger();
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
      const { database } = stage();
      const holder = stage().stranger();
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
      const { database } = stage();
      await sql`pragma max_page_count = ${sql.lit(pages)}`.execute(database.queries);
    }

    /** Keeps the file from growing. */
    async function fillDisk(): Promise<void> {
      const size = stage().stranger();
      await setMaximum(size.pragma('page_count') as number);
      size.close();
    }

    it('refuses to write, reads on, and heals when there is room', async () => {
      const { store } = stage();
      await store.append([draft('before')]);
      await fillDisk();
      const large = draft('x'.repeat(100_000));
      await expect(store.append([draft('small'), large])).rejects.toEqual(UNAVAILABLE);
      await expect(store.append([large])).rejects.toEqual(UNAVAILABLE);
      expect(await stage().texts()).toEqual(['before']);
      expect(await store.heads([LOBBY])).toEqual(new Map([[LOBBY, 1]]));
      await setMaximum(1_000_000);
      const appended = await store.append([draft('after'), large]);
      expect(appended).toMatchObject([{ receipt: { seq: 2 } }, { receipt: { seq: 3 } }]);
    });

    it('reports it when it begins and when it is over, however much is tried in between', async () => {
      const { database, store } = stage();
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
      const { database } = stage();
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
      const { store } = stage();
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
      const { store } = stage();
      await store.append([draft('before')]);
      await kill('reader');
      expect(await untilItWorks(() => stage().texts())).toEqual(['before']);
    });

    it('does not go on with its transaction on another one', async () => {
      const { database, store } = stage();
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
      const { database } = stage();
      const thread = Reflect.get(database, 'writer') as { readonly state: string };
      if (thread.state !== 'up') await Promise.reject(UNAVAILABLE);
    }

    it('can be closed while the next one is awaited', async () => {
      const { database } = stage();
      await kill('writer');
      await expect(database.close()).resolves.toBeUndefined();
    });
  });

  describe('while its file is not under its name', () => {
    const inFolder = (name: string): string => join(stage().folder, name);

    /** Until a part of it has noticed: the first one refused may have been written. */
    async function refusesAll(): Promise<void> {
      const { database, store } = stage();
      await expect(store.append([draft('to no file')])).rejects.toEqual(UNAVAILABLE);
      await expect(store.append([draft('nor this')])).rejects.toEqual(UNAVAILABLE);
      await expect(new SqlUserStore(database.queries).nextGuestNumber()).rejects.toEqual(
        UNAVAILABLE,
      );
      const transaction = database.queries.transaction();
      await expect(transaction.execute(() => Promise.resolve())).rejects.toEqual(UNAVAILABLE);
      await expect(stage().texts()).rejects.toEqual(UNAVAILABLE);
    }

    it('acknowledges nothing, and heals when it was moved away and back', async () => {
      const { store } = stage();
      await store.append([draft('before')]);
      renameSync(inFolder('parley.db'), inFolder('elsewhere'));
      await refusesAll();
      renameSync(inFolder('elsewhere'), inFolder('parley.db'));
      await store.append([draft('after')]);
      const found = await stage().texts();
      expect([found.at(0), found.at(-1)]).toEqual(['before', 'after']);
      expect(found).not.toContain('nor this');
    });

    it('acknowledges nothing where a copy stands in its place', async () => {
      const { store } = stage();
      await store.append([draft('before')]);
      copyFileSync(inFolder('parley.db'), inFolder('copy'));
      renameSync(inFolder('copy'), inFolder('parley.db'));
      await refusesAll();
    });

    it('acknowledges nothing while its log, where the latest is, was removed', async () => {
      const { store } = stage();
      await store.append([draft('before')]);
      rmSync(inFolder('parley.db-wal'));
      await refusesAll();
    });

    it('says which file, and what to do, once', async () => {
      const { store } = stage();
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
      const { database, store } = stage();
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
});
