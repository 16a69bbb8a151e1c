import type { SqliteConnection } from './drivers/sqlite-driver.js';

/** The table of words: without the texts, and with what a message no longer says taken out. */
export const WORDS_TABLE = `create virtual table words using fts5(
  terms, content='', contentless_delete=1, tokenize="ascii tokenchars '_'")`;

/** This SQLite cannot search: it is older than 3.43, or was built without FTS5. */
export class NoFullText extends Error {
  readonly code = 'NO_FTS5';
}

/**
 * Tries what search relies on, in tables that are rolled back.
 * @throws NoFullText
 */
export function proveFullText(connection: SqliteConnection): void {
  try {
    connection.exec('begin');
    connection.exec(WORDS_TABLE.replace(' words ', ' temp.proof '));
    const found = tried(connection);
    if (found !== '2;4;4,3,1') throw new Error(`${found} is found`);
  } catch (cause) {
    throw new NoFullText(`This SQLite cannot search: ${String(cause)}`, { cause });
  } finally {
    if (connection.inTransaction) connection.exec('rollback');
  }
}

function tried(connection: SqliteConnection): string {
  const insert = connection.prepare('insert into temp.proof (rowid, terms) values (?, ?)');
  insert.run(1, '_rab 张 三 张三 三');
  insert.run(2, '_rab 张三 三李 李');
  insert.run(3, '_pab éx 张三 三');
  insert.run(4, 'rab 张三 三李 李');
  const find = connection.prepare<[string], { readonly id: number }>(
    'select rowid as id from temp.proof where proof match ? order by rowid desc',
  );
  const idsOf = (query: string): string =>
    find
      .all(query)
      .map(({ id }) => id)
      .join();
  const phrase = idsOf('("_rab" OR "_pab") AND "张三 三李"');
  connection.prepare<[number]>('delete from temp.proof where rowid = ?').run(2);
  return [phrase, idsOf('"三李"'), idsOf('"张三" NOT "no"')].join(';');
}
