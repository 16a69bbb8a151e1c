import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseDriver, DRIVERS } from './choose-driver.js';
import { proveDriver } from './driver-proof.js';
import { codeName } from './result-codes.js';
import type { SqliteConnection, SqliteDriver } from './sqlite-driver.js';

/** The drivers on this machine, whether the service would choose them or not. */
const here = DRIVERS.flatMap((load) => {
  try {
    const driver = load();
    return [[driver.name, driver] as const];
  } catch {
    return [];
  }
});

function codeOf(work: () => unknown): unknown {
  try {
    work();
    return 'nothing was thrown';
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
}

describe.each(here)('SQLite by %s', (_name, driver) => {
  let folder: string;
  let file: string;
  let connection: SqliteConnection;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-'));
    file = join(folder, 'some.db');
    connection = driver.open(file);
    connection.exec('create table people (id integer primary key, name text unique, age integer)');
  });

  afterEach(() => {
    if (connection.open) connection.close();
    rmSync(folder, { recursive: true });
  });

  it('takes values by position and by name, and gives rows back', () => {
    const insert = connection.prepare('insert into people (name, age) values (?, ?)');
    expect(insert.run('Ann', 31)).toMatchObject({ changes: 1, lastInsertRowid: 1 });
    expect(insert.run('张伟 😀', null)).toMatchObject({ changes: 1, lastInsertRowid: 2 });
    const byName = connection.prepare('select name, age from people where name = :name');
    expect(byName.get({ name: 'Ann' })).toEqual({ name: 'Ann', age: 31 });
    expect(byName.get({ name: 'nobody' })).toBeUndefined();
    expect(connection.prepare('select name from people order by id').all()).toEqual([
      { name: 'Ann' },
      { name: '张伟 😀' },
    ]);
  });

  it('gives rows that are the same as JSON', () => {
    connection.exec("insert into people (name) values ('Ann')");
    const [row] = connection.prepare('select id, name, age from people').all();
    expect(JSON.stringify(row)).toBe('{"id":1,"name":"Ann","age":null}');
  });

  it('does not wait for a lock unless it is told to', () => {
    const other = driver.open(file);
    other.exec('begin exclusive');
    expect(codeOf(() => connection.exec('begin immediate'))).toBe('SQLITE_BUSY');
    expect(codeOf(() => connection.prepare('begin immediate').run())).toBe('SQLITE_BUSY');
    other.close();
  });

  it('names what SQLite refuses, wherever it is asked', () => {
    connection.exec("insert into people values (1, 'Ann', 1)");
    const insert = connection.prepare('insert into people values (?, ?, 1)');
    expect(codeOf(() => insert.run(2, 'Ann'))).toBe('SQLITE_CONSTRAINT_UNIQUE');
    expect(codeOf(() => insert.run(1, 'Bob'))).toBe('SQLITE_CONSTRAINT_PRIMARYKEY');
    expect(codeOf(() => connection.prepare('select * from nowhere'))).toBe('SQLITE_ERROR');
    expect(codeOf(() => connection.exec('select'))).toBe('SQLITE_ERROR');
    connection.pragma(`max_page_count = ${String(connection.pragma('page_count'))}`);
    const large = () => connection.exec('insert into people (name) values (hex(zeroblob(100000)))');
    expect(codeOf(large)).toBe('SQLITE_FULL');
  });

  it('opens what is there to read only, and nothing else', () => {
    const reader = driver.open(file, { readonly: true });
    expect(codeOf(() => reader.exec('delete from people'))).toBe('SQLITE_READONLY');
    reader.close();
    const missing = join(folder, 'missing.db');
    expect(codeOf(() => driver.open(missing, { readonly: true }))).toBe('SQLITE_CANTOPEN');
    const nonsense = join(folder, 'nonsense.db');
    writeFileSync(nonsense, 'this is not a database, whatever its name says');
    const opened = driver.open(nonsense);
    expect(codeOf(() => opened.pragma('journal_mode = wal'))).toBe('SQLITE_NOTADB');
    opened.close();
  });

  it('knows when a transaction is open, also where SQLite ended it', () => {
    expect(connection.inTransaction).toBe(false);
    connection.exec('begin');
    expect(connection.inTransaction).toBe(true);
    connection.exec("insert into people values (1, 'Ann', 1)");
    expect(() => connection.exec("insert or rollback into people values (1, 'Bob', 1)")).toThrow();
    expect(connection.inTransaction).toBe(false);
  });

  it('keeps the log and its index as long as it is open, and leaves one file', () => {
    expect(connection.pragma('journal_mode = wal')).toBe('wal');
    connection.exec("insert into people values (1, 'Ann', 1)");
    expect(connection.pragma('wal_checkpoint(truncate)')).toBe(0);
    connection.close();
    expect(connection.open).toBe(false);
    expect(codeOf(() => connection.exec('select 1'))).not.toBe('nothing was thrown');
  });
});

describe('The choice of a driver [S54]', () => {
  const worksOnlyIn = (change: (connection: SqliteConnection) => object): SqliteDriver => ({
    name: 'another',
    open: (file, how) => {
      const connection = chooseDriver().open(file, how);
      return Object.assign(Object.create(connection) as SqliteConnection, change(connection));
    },
  });

  it('falls on one that proves itself on the Node at hand', () => {
    expect(() => {
      proveDriver(chooseDriver());
    }).not.toThrow();
  });

  it('passes by what is not there and what does not prove itself', () => {
    const absent = () => {
      throw new Error('Cannot find module');
    };
    const broken = () => worksOnlyIn(() => ({ inTransaction: false }));
    const right = DRIVERS.find((load) => here.some(([name]) => safely(load) === name));
    const chosen = chooseDriver([absent, broken, right ?? absent]);
    expect(here.map(([name]) => name)).toContain(chosen.name);
  });

  it('says of each why not, and what to do', () => {
    function absent(): never {
      throw new Error('Cannot find module');
    }
    const broken = () => worksOnlyIn(() => ({ pragma: () => 0 }));
    expect(() => chooseDriver([absent, broken])).toThrow(
      /^No SQLite driver works on Node v\S+: run npm ci .*absent: Cannot find module; broken: a pragma: 0 instead of 7/,
    );
  });
});

function safely(load: () => SqliteDriver): string | null {
  try {
    return load().name;
  } catch {
    return null;
  }
}

describe('The name of a result code', () => {
  it.each([
    [5, 'SQLITE_BUSY'],
    [261, 'SQLITE_BUSY_RECOVERY'],
    [10, 'SQLITE_IOERR'],
    [1034, 'SQLITE_IOERR_FSYNC'],
    [13, 'SQLITE_FULL'],
    [26, 'SQLITE_NOTADB'],
    [2067, 'SQLITE_CONSTRAINT_UNIQUE'],
    [(99 << 8) | 10, 'SQLITE_IOERR_99'],
    [200, 'SQLITE_UNKNOWN'],
  ])('%i is %s', (code, name) => {
    expect(codeName(code)).toBe(name);
  });
});
