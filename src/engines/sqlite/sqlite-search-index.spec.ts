import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';
import { SystemClock } from '../../kernel/clock.js';
import { Refusal } from '../../kernel/refusal.js';
import { SystemScheduler } from '../../kernel/scheduler.js';
import { roomTerm } from '../../search/index-terms.js';
import type { IndexEntry } from '../../search/search-index.js';
import { openDatabase } from './drivers/choose-driver.js';
import { SqliteSearchIndex } from './sqlite-search-index.js';

const NONE = { code: 'index-behind', retryable: false };

describe('The index of messages on SQLite', () => {
  let folder: string;
  let file: string;
  let index: SqliteSearchIndex;

  beforeEach(() => {
    Logger.overrideLogger(false);
    folder = mkdtempSync(join(tmpdir(), 'parley-'));
    file = join(folder, 'search.db');
    index = open();
  });

  afterEach(async () => {
    await index.close();
    rmSync(folder, { recursive: true });
    Logger.overrideLogger(true);
  });

  function open(): SqliteSearchIndex {
    return new SqliteSearchIndex(folder, new SystemClock(), new SystemScheduler());
  }

  function entry(text: string, seq: number): IndexEntry {
    return {
      conversation: LOBBY_KEY,
      seq,
      message: { authorId: '01A', time: 1_795_176_000_000, text },
    };
  }

  async function seqs(word: string): Promise<readonly number[]> {
    const query = {
      any: [roomTerm(LOBBY_KEY)],
      all: [[word]],
      none: [],
      after: null,
      before: null,
    };
    const { hits } = await index.find(query, { limit: 100, cursor: null, patienceMs: 10_000 });
    return hits.map(({ seq }) => seq);
  }

  it('stands in a file for its owner alone', async () => {
    index.open();
    await index.put([entry('one', 1)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['is no database', () => writeFileSync(file, 'no database'.repeat(1_000))],
    ['is of another version', () => otherVersion('pragma user_version = 99')],
    ['holds something else', () => otherVersion('pragma user_version = 0')],
  ])('is made anew where its file %s', async (_what, spoil) => {
    spoil();
    index.open();
    expect((await index.progress()).phase).toBe('new');
    await index.put([entry('one', 1)]);
    expect(await seqs('one')).toEqual([1]);
  });

  function otherVersion(pragma: string): void {
    const database = openDatabase(file);
    database.exec(`create table other (id integer); ${pragma}`);
    database.close();
  }

  it('is refused for good where its file cannot be opened, and says so once', async () => {
    const lines: unknown[] = [];
    Logger.overrideLogger({
      error: (line: unknown) => void lines.push(line),
      log: () => undefined,
      warn: () => undefined,
    });
    mkdirSync(file);
    index.open();
    await expect(index.put([entry('one', 1)])).rejects.toMatchObject(NONE);
    await expect(index.progress()).rejects.toMatchObject(NONE);
    await expect(seqs('one')).rejects.toMatchObject(NONE);
    expect(lines).toMatchObject([{ event: 'search-unavailable' }]);
  });

  it('keeps the whole batches when the thread dies that writes, and goes on with another one', async () => {
    index.open();
    await index.put([entry('before', 1)]);
    const batch = Array.from({ length: 500 }, (_, at) => entry('dying', at + 2));
    const dying = index.put(batch).catch((error: unknown) => error);
    const thread = Reflect.get(index, 'indexer') as object;
    await (Reflect.get(thread, 'worker') as Worker).terminate();
    const outcome = await dying;
    expect(outcome === undefined || outcome instanceof Refusal).toBe(true);
    for (let tries = 0; ; tries++) {
      const refused = await index.put(batch).catch((error: unknown) => error);
      if (refused === undefined) break;
      expect(tries).toBeLessThan(500);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect((await seqs('dying')).length).toBe(100);
    expect(await seqs('before')).toEqual([1]);
    const database = openDatabase(file, { readonly: true });
    expect(database.prepare('select count(*) as n from messages').get()).toEqual({ n: 501 });
    database.close();
  });

  it('refuses what comes when it is closed', async () => {
    index.open();
    await index.put([entry('one', 1)]);
    await seqs('one');
    await index.close();
    await expect(index.put([entry('two', 2)])).rejects.toMatchObject({ code: 'stopping' });
    await expect(seqs('one')).rejects.toMatchObject({ code: 'stopping' });
  });

  it('can be closed before it is open', async () => {
    index.open();
    await expect(index.close()).resolves.toBeUndefined();
  });
});
