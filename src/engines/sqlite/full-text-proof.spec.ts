import { describe, expect, it } from '@jest/globals';
import { DRIVERS } from './drivers/choose-driver.js';
import type { SqliteConnection } from './drivers/sqlite-driver.js';
import { NoFullText, proveFullText } from './full-text-proof.js';

/** The drivers on this machine. */
const here = DRIVERS.flatMap((load) => {
  try {
    return [load()];
  } catch {
    return [];
  }
});

describe('The proof that SQLite can search', () => {
  it.each(here)('is passed by $name, and leaves nothing behind', (driver) => {
    const connection = driver.open(':memory:');
    proveFullText(connection);
    expect(connection.inTransaction).toBe(false);
    expect(connection.prepare('select name from sqlite_temp_schema').all()).toEqual([]);
    connection.close();
  });

  it('is not passed without FTS5, nor by one that finds something else', () => {
    const connection = here[0]?.open(':memory:');
    if (connection === undefined) throw new Error('there is no driver');
    const without = (change: (sql: string) => string): SqliteConnection =>
      Object.create(connection, {
        inTransaction: { get: () => connection.inTransaction },
        exec: { value: (sql: string) => connection.exec(change(sql)) },
        prepare: { value: (sql: string) => connection.prepare(sql) },
      }) as SqliteConnection;
    for (const change of [
      (sql: string) => sql.replace('fts5', 'fts_none'),
      (sql: string) => sql.replace("tokenchars '_'", ''),
      (sql: string) => sql.replace(/tokenize=".*"/, "tokenize='trigram'"),
    ]) {
      expect(() => {
        proveFullText(without(change));
      }).toThrow(NoFullText);
      expect(connection.inTransaction).toBe(false);
    }
    connection.close();
  });
});
