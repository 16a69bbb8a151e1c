import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { ALICE, draft, LOBBY, sqliteForEach } from '../../../test/support/sqlite-stage.js';
import { Refusal } from '../../kernel/refusal.js';
import { SqliteDatabase } from './sqlite-database.js';

const stage = sqliteForEach();

describe('The embedded database', () => {
  describe('in a transaction', () => {
    it('stores all or nothing', async () => {
      const { database } = stage();
      const failing = database.queries.transaction().execute(async (queries) => {
        await queries.insertInto('counters').values({ name: 'mine', value: 1 }).execute();
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      expect(await database.queries.selectFrom('counters').selectAll().execute()).toEqual([]);
    });

    it('sees what it has written itself, and nobody else does', async () => {
      const { database } = stage();
      await database.queries.transaction().execute(async (queries) => {
        await queries.insertInto('counters').values({ name: 'mine', value: 1 }).execute();
        expect(await queries.selectFrom('counters').selectAll().execute()).toHaveLength(1);
        expect(await database.queries.selectFrom('counters').selectAll().execute()).toEqual([]);
      });
      expect(await database.queries.selectFrom('counters').selectAll().execute()).toHaveLength(1);
    });

    it('keeps appends out, which are stored whatever becomes of it', async () => {
      const { database, store } = stage();
      const appended: Promise<unknown>[] = [];
      const failing = database.queries.transaction().execute(async (queries) => {
        await queries.insertInto('counters').values({ name: 'mine', value: 1 }).execute();
        appended.push(store.append([draft('meanwhile')]));
        await queries.insertInto('counters').values({ name: 'other', value: 1 }).execute();
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow('changed my mind');
      await Promise.all(appended);
      expect(await stage().texts()).toEqual(['meanwhile']);
    });

    it('does not let a failed statement spoil those that others sent beside it', async () => {
      const { database } = stage();
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
    const { database } = stage();
    const broken = sql`select * from nowhere`.execute(database.queries);
    await expect(broken).rejects.toEqual(new Refusal('internal'));
  });

  it('syncs each commit again after marks that it did not sync', async () => {
    const { database, store } = stage();
    await store.append([draft()]);
    await database.mark([[ALICE.id, LOBBY, 1]]);
    const { rows } = await sql`pragma synchronous`.execute(database.queries);
    expect(rows).toEqual([{ synchronous: 2 }]);
  });

  it('refuses more than ten thousand requests that wait', async () => {
    const { store } = stage();
    const answers = await Promise.allSettled(
      Array.from({ length: 10_050 }, () => store.heads([LOBBY])),
    );
    const refused = answers.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(50);
    expect(refused[0]).toMatchObject({ reason: new Refusal('busy') });
  });

  describe('when it is closed', () => {
    it('has stored everything that it had taken before', async () => {
      const { database, store } = stage();
      const taken: Promise<unknown>[] = [];
      let closing: Promise<void> | undefined;
      await database.queries.transaction().execute(async (queries) => {
        for (let count = 0; count < 20; count++) taken.push(store.append([draft()]));
        closing = database.close();
        await queries.insertInto('counters').values({ name: 'mine', value: 1 }).execute();
      });
      await closing;
      await expect(Promise.all(taken)).resolves.toHaveLength(20);
      await stage().reopen();
      expect(await stage().store.heads([LOBBY])).toEqual(new Map([[LOBBY, 20]]));
      expect(
        await stage().database.queries.selectFrom('counters').selectAll().execute(),
      ).toHaveLength(1);
    });

    it('refuses whatever comes then', async () => {
      const { database, store } = stage();
      await database.close();
      const stopping = new Refusal('stopping');
      await expect(store.append([draft()])).rejects.toEqual(stopping);
      await expect(store.heads([LOBBY])).rejects.toEqual(stopping);
      const transaction = database.queries.transaction();
      await expect(transaction.execute(() => Promise.resolve())).rejects.toEqual(stopping);
    });

    it('leaves one file behind, with everything in it', async () => {
      const { database, store } = stage();
      await store.append([draft('kept')]);
      await database.close();
      const file = stage().stranger();
      expect(file.prepare('select text from events').all()).toEqual([{ text: 'kept' }]);
      expect(file.pragma('integrity_check')).toBe('ok');
      file.close();
    });
  });

  describe('when it is opened', () => {
    it('refuses a folder that another service has, and leaves that one be', async () => {
      const { folder, store } = stage();
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
      const { database } = stage();
      await database.queries
        .insertInto('kysely_migration' as never)
        .values({ name: '9999-from-the-future', timestamp: '' })
        .execute();
      await database.close();
      await expect(stage().reopen()).rejects.toThrow('9999-from-the-future');
    });
  });
});
