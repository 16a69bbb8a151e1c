// The same texts under the trigrams that the databases bring along.
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../dist/engines/sqlite/drivers/choose-driver.js';
import { messages, queries } from './corpus.mjs';

const KINDS = ['two characters, common', 'two characters, rare', 'three characters'];

/** How many messages hold a text: what a search should find. */
function truth(count, from) {
  const wanted = new Map(KINDS.flatMap((kind) => queries()[kind]).map((text) => [text, 0]));
  for (const { message } of messages(count, from)) {
    for (const text of wanted.keys()) {
      if (message.text.includes(text)) wanted.set(text, (wanted.get(text) ?? 0) + 1);
    }
  }
  return wanted;
}

async function compare(name, count, from, report, find) {
  const wanted = truth(count, from);
  for (const kind of KINDS) {
    const times = [];
    let [found, there] = [0, 0];
    for (const text of queries()[kind]) {
      const at = performance.now();
      found += await find(text);
      times.push(performance.now() - at);
      there += wanted.get(text) ?? 0;
    }
    const recall = there === 0 ? '' : `finds ${found} of ${there}`;
    report(`${name}: ${kind}`, times, recall);
  }
}

/** SQLite's own trigram tokenizer. */
export async function trigrams(folder, _url, count, from, report) {
  const database = openDatabase(join(folder, 'trigram.db'));
  database.exec("create virtual table peer using fts5(text, tokenize='trigram')");
  const insert = database.prepare('insert into peer (text) values (?)');
  database.exec('begin');
  for (const { message } of messages(count, from)) insert.run(message.text);
  database.exec('commit');
  const match = database.prepare('select count(*) as n from peer where peer match ?');
  await compare('trigram', count, from, report, (text) => match.get(`"${text}"`).n);
  const like = database.prepare('select count(*) as n from peer where text like ?');
  await compare('trigram, like', count, from, report, (text) => like.get(`%${text}%`).n);
  database.close();
}

/** PostgreSQL's extension. */
export async function pgTrgm(_folder, url, count, from, report) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create extension if not exists pg_trgm; create table peer (text text)');
  let batch = [];
  const write = async () => {
    await client.query('insert into peer select unnest($1::text[])', [batch]);
    batch = [];
  };
  for (const { message } of messages(count, from)) {
    batch.push(message.text);
    if (batch.length === 5_000) await write();
  }
  await write();
  await client.query('create index on peer using gin (text gin_trgm_ops)');
  await client.query('vacuum analyze peer');
  await compare('pg_trgm', count, from, report, async (text) => {
    const { rows } = await client.query('select count(*) as n from peer where text like $1', [
      `%${text}%`,
    ]);
    return Number(rows[0].n);
  });
  await client.end();
}
