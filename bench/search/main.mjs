// The index of messages with the service's own code, beside SQLite's trigrams and PostgreSQL's pg_trgm.
//   node bench/search/main.mjs --messages 100000 [--rate 500] [--peers]
// With DATABASE_URL, a database that holds nothing, on PostgreSQL.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { memberTerm, roomTerm } from '../../dist/search/index-terms.js';
import { parseQuery, phrasesOf } from '../../dist/search/query-parser.js';
import { messages, person, queries, randomOf, textOf } from './corpus.mjs';
import { openEmbedded, openShared } from './engines.mjs';
import { trigrams, pgTrgm } from './peers.mjs';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    rate: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '3' },
    peers: { type: 'boolean', default: false },
  },
});
const COUNT = Number(values.messages);
const BATCH = 1_000;
const FROM = Date.now() - 31_536_000_000;
const PAGE = 21;

Logger.overrideLogger(false);
const url = process.env.DATABASE_URL;
const folder = mkdtempSync(join(tmpdir(), 'parley-search-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const engine = url === undefined ? await openEmbedded(folder) : await openShared(url);

const filling = await fill();
console.log(
  `${COUNT} messages in ${(filling.ms / 1_000).toFixed(1)} s, ` +
    `${Math.round((COUNT * 1_000) / filling.ms)} a second; the slowest batch ${filling.worst.toFixed(0)} ms; ` +
    `index ${(((await engine.bytes()) ?? 0) / 1e6).toFixed(1)} MB`,
);
const saying = say(Number(values.rate));
await measure();
const lags = await saying.end();
report('to be found after it was said', lags);
if (values.peers) await (url === undefined ? trigrams : pgTrgm)(folder, url, COUNT, FROM, report);
await engine.close();

async function fill() {
  const beganAt = performance.now();
  let worst = 0;
  let batch = [];
  const write = async () => {
    const at = performance.now();
    await engine.put(batch);
    worst = Math.max(worst, performance.now() - at);
    batch = [];
  };
  for (const entry of messages(COUNT, FROM)) {
    batch.push(entry);
    if (batch.length === BATCH) await write();
  }
  if (batch.length > 0) await write();
  await engine.settle();
  return { ms: performance.now() - beganAt, worst };
}

/** Says so much a second meanwhile, as the follower hands it over. */
function say(rate) {
  const random = randomOf(2);
  const lags = [];
  let seq = COUNT * 2;
  let isOver = false;
  const work = (async () => {
    let owed = 0;
    for (let last = performance.now(); !isOver;) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const now = performance.now();
      owed += ((now - last) * rate) / 1_000;
      const waited = now - last;
      last = now;
      const count = Math.min(BATCH, Math.floor(owed));
      owed -= count;
      const entries = Array.from({ length: count }, () => ({
        conversation: 'room:lobby',
        seq: ++seq,
        message: { authorId: person(1), time: Date.now(), text: textOf(random) },
      }));
      if (count === 0) continue;
      await engine.put(entries);
      lags.push(waited + performance.now() - now);
    }
  })();
  return {
    end: async () => {
      isOver = true;
      await work;
      return lags;
    },
  };
}

async function measure() {
  const any = [memberTerm(person(1)), roomTerm('room:lobby')];
  const everything = [];
  for (const [kind, texts] of Object.entries(queries())) {
    const times = [];
    let hits = 0;
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const text of texts) {
        const at = performance.now();
        const all = parseQuery(text).flatMap(phrasesOf);
        const query = { any, all, none: [], after: null, before: null };
        const found = await engine.find(query, { limit: PAGE, cursor: null, patienceMs: 500 });
        times.push(performance.now() - at);
        hits += found.hits.length;
      }
    }
    everything.push(...times);
    report(kind, times, `${(hits / times.length).toFixed(1)} hits`);
  }
  report('all of them', everything);
}

function report(what, times, more = '') {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (part) => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(1);
  console.log(`${what.padEnd(32)} p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms ${more}`);
}
