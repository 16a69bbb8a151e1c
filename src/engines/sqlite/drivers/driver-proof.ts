import type { SqliteConnection, SqliteDriver } from './sqlite-driver.js';

/** Characters that a careless driver cuts off, garbles, or replaces. */
const TEXT = 'a\0b \u{1f600} 张';
const LARGE = 9_007_199_254_740_991;

/**
 * Tests what the service relies on, in memory, within a millisecond.
 * @throws {Error} that says what is wrong
 */
export function proveDriver(driver: SqliteDriver): void {
  const connection = driver.open(':memory:');
  connection.exec('create table t (a integer primary key, b text unique, c any)');
  provesValues(connection);
  provesTransactions(connection);
  connection.pragma('user_version = 7');
  expect('a pragma', 7, () => connection.pragma('user_version'));
  provesErrors(connection);
  connection.close();
  expect('the end', false, () => connection.open);
}

function provesValues(connection: SqliteConnection): void {
  const insert = connection.prepare('insert into t values (?, ?, ?) on conflict do nothing');
  expect('a row', [1, 7], () => {
    const { changes, lastInsertRowid } = insert.run(7, TEXT, LARGE);
    return [changes, Number(lastInsertRowid)];
  });
  expect('a row that is there', 0, () => insert.run(7, TEXT, LARGE).changes);
  insert.run(8, 'null', null);
  const select = connection.prepare('select b, c from t where a = :a');
  expect('what was stored', { b: TEXT, c: LARGE }, () => select.get({ a: 7 }));
  expect('nothing', undefined, () => select.get({ a: 9 }));
  expect('rows', [{ a: 7 }, { a: 8 }], () =>
    connection.prepare('select a from t order by a').all(),
  );
  expect('what gives rows', [true, false, true, true], () =>
    ['select 1', 'delete from t', 'delete from t returning a', 'pragma user_version'].map(
      (sql) => connection.prepare(sql).reader,
    ),
  );
}

function provesTransactions(connection: SqliteConnection): void {
  const begin = connection.prepare('begin immediate');
  const seen = [connection.inTransaction];
  for (const end of ['rollback', 'commit']) {
    begin.run();
    connection.exec("insert into t (b) values ('transaction')");
    seen.push(connection.inTransaction);
    connection.exec(end);
    seen.push(connection.inTransaction);
  }
  expect('transactions', [false, true, false, true, false], () => seen);
  expect('what they left', { n: 3 }, () => connection.prepare('select count(*) as n from t').get());
}

function provesErrors(connection: SqliteConnection): void {
  const codeOf = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return (error as { readonly code?: unknown }).code;
    }
  };
  const insert = connection.prepare('insert into t (b) values (?)');
  expect('a row refused', 'SQLITE_CONSTRAINT_UNIQUE', () => codeOf(() => insert.run('null')));
  expect('a mistake', 'SQLITE_ERROR', () => codeOf(() => connection.prepare('select from')));
  connection.exec('pragma query_only = 1');
  expect('a write where none may be', 'SQLITE_READONLY', () => codeOf(() => insert.run('more')));
}

function expect(what: string, wanted: unknown, work: () => unknown): void {
  const [found, right] = [work(), wanted].map((value) => JSON.stringify(value));
  if (found !== right)
    throw new Error(`${what}: ${found ?? 'nothing'} instead of ${right ?? 'nothing'}`);
}
