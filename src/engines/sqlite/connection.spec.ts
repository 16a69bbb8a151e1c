import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrokenConnection, openReader, openWriter, rollback, withoutSync } from './connection.js';
import { openDatabase } from './drivers/choose-driver.js';
import type { SqliteConnection } from './drivers/sqlite-driver.js';

describe('A connection to the database', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-'));
    file = join(folder, 'parley.db');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function pragma(connection: SqliteConnection, name: string): unknown {
    return connection.pragma(name);
  }

  it('that writes syncs every commit, at each opening', () => {
    for (let opening = 0; opening < 2; opening++) {
      const writer = openWriter(file);
      expect(pragma(writer, 'synchronous')).toBe(2);
      expect(pragma(writer, 'journal_mode')).toBe('wal');
      expect(pragma(writer, 'foreign_keys')).toBe(1);
      expect(pragma(writer, 'busy_timeout')).toBe(2_000);
      writer.exec(`create table opening_${opening} (id integer)`);
      writer.close();
    }
  });

  it('that reads cannot write', () => {
    openWriter(file).close();
    const reader = openReader(file);
    expect(() => reader.exec('create table mine (id integer)')).toThrow(/readonly/);
    reader.close();
  });

  it('is not opened to read where there is no database', () => {
    expect(() => openReader(file)).toThrow();
  });

  it('is not opened where SQLite does not follow a setting', () => {
    const writer = openWriter(file);
    // An in-memory database has no write-ahead log: the mode is unchanged.
    expect(() => openWriter(':memory:')).toThrow('SQLite did not accept journal_mode = wal');
    writer.close();
  });

  it('syncs again after work that needed no sync, also where that failed', () => {
    const writer = openWriter(file);
    withoutSync(writer, () => {
      expect(pragma(writer, 'synchronous')).toBe(1);
    });
    expect(pragma(writer, 'synchronous')).toBe(2);
    expect(() =>
      withoutSync(writer, () => {
        throw new Error('failed');
      }),
    ).toThrow('failed');
    expect(pragma(writer, 'synchronous')).toBe(2);
    writer.close();
  });

  it('counts as broken where it cannot be made to sync again', () => {
    const writer = openWriter(file);
    expect(() => withoutSync(writer, () => void writer.exec('begin'))).toThrow(BrokenConnection);
    writer.close();
  });

  it('rolls back where there is something to roll back', () => {
    const writer = openWriter(file);
    writer.exec('create table mine (id integer)');
    rollback(writer);
    writer.exec('begin; insert into mine values (1)');
    rollback(writer);
    expect(writer.prepare('select * from mine').all()).toEqual([]);
    writer.close();
  });

  it('counts as broken where a transaction cannot be undone', () => {
    const closed = openDatabase(file);
    closed.close();
    const stuck = Object.create(closed, { inTransaction: { value: true } }) as SqliteConnection;
    expect(() => {
      rollback(stuck);
    }).toThrow(BrokenConnection);
  });
});
