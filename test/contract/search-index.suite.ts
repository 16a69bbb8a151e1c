import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ConversationKey, directKey, roomKey } from '../../src/chat/conversations/key.js';
import { LOBBY_KEY } from '../../src/chat/conversations/lobby.js';
import { authorTerm, contentTerm, memberTerm, roomTerm } from '../../src/search/index-terms.js';
import { parseQuery, phrasesOf } from '../../src/search/query-parser.js';
import type { Found, IndexEntry, TermQuery } from '../../src/search/search-index.js';
import type { Person } from '../../src/kernel/person.js';
import { say, whisper } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { join } from './people.js';

const TIME = 1_795_176_000_000;
const PATIENT = { limit: 100, cursor: null, patienceMs: 10_000 };

/** What every index of messages promises. */
export function searchIndexContract(open: EngineFactory): void {
  describe('as an index of messages', () => {
    let engine: EngineUnderTest;
    let ann: Person;
    let bob: Person;
    let lobby: number;

    beforeEach(async () => {
      engine = await open();
      [ann, bob] = [await join(engine, 'ann'), await join(engine, 'bob')];
      lobby = 0;
    });
    afterEach(async () => {
      await engine.dispose();
    });

    /** An index knows conversations of the log only. */
    function entry(text: string, but: Partial<IndexEntry> = {}, time = TIME): IndexEntry {
      const message = { authorId: ann.id, time, text };
      return { conversation: LOBBY_KEY, seq: ++lobby, message, ...but };
    }

    async function index(...texts: readonly string[]): Promise<void> {
      await engine.log.append([say(ann, 'x')]);
      await engine.search.put(texts.map((text, at) => entry(text, {}, TIME + at)));
    }

    function queryOf(q: string, but: Partial<TermQuery> = {}): TermQuery {
      const terms = parseQuery(q);
      return {
        any: [roomTerm(LOBBY_KEY)],
        all: terms.filter(({ isExcluded }) => !isExcluded).flatMap(phrasesOf),
        none: terms.filter(({ isExcluded }) => isExcluded).flatMap(phrasesOf),
        ...{ after: null, before: null, ...but },
      };
    }

    function find(q: string, but: Partial<TermQuery> = {}, how = {}): Promise<Found> {
      return engine.search.find(queryOf(q, but), { ...PATIENT, ...how });
    }

    /** The numbers of what is found, latest first. */
    async function seqs(q: string, but: Partial<TermQuery> = {}): Promise<readonly number[]> {
      const { hits, next } = await find(q, but);
      expect(next).toBeNull();
      return hits.map(({ seq }) => seq);
    }

    it('finds nothing where there is nothing', async () => {
      expect(await find('nothing')).toEqual({ hits: [], next: null });
    });

    it('finds words, all of them, in any order, latest first', async () => {
      await index('one two', 'two three', 'Three, Two, One');
      expect(await seqs('two')).toEqual([3, 2, 1]);
      expect(await seqs('one two')).toEqual([3, 1]);
      expect(await seqs('ONE three')).toEqual([3]);
      expect(await seqs('four')).toEqual([]);
      expect(await seqs('thre')).toEqual([]);
    });

    it('finds phrases, and leaves out what is excluded', async () => {
      await index('to be or not to be', 'not to or be', 'be or be not');
      expect(await seqs('"or not to"')).toEqual([1]);
      expect(await seqs('"be or"')).toEqual([3, 1]);
      expect(await seqs('be -"not to"')).toEqual([3]);
      expect(await seqs('be -to -or')).toEqual([]);
    });

    it('finds Chinese, Japanese and Korean from one character on', async () => {
      await index(
        '我叫张三李四',
        '东京大学',
        '東京タワー',
        '안녕하세요',
        '李三张',
        '𠮷野家で食べる',
      );
      expect(await seqs('张')).toEqual([5, 1]);
      expect(await seqs('四')).toEqual([1]);
      expect(await seqs('张三')).toEqual([1]);
      expect(await seqs('三李')).toEqual([1]);
      expect(await seqs('张三李四')).toEqual([1]);
      expect(await seqs('叫三')).toEqual([]);
      expect(await seqs('张 李')).toEqual([5, 1]);
      expect(await seqs('京')).toEqual([3, 2]);
      expect(await seqs('タワ')).toEqual([3]);
      expect(await seqs('하세요')).toEqual([4]);
      expect(await seqs('𠮷')).toEqual([6]);
      expect(await seqs('"张三" -东京 -大')).toEqual([1]);
    });

    it('takes nothing that is looked for as its own syntax', async () => {
      await index('and or not near', 'plain');
      for (const q of [
        'plain" OR "and',
        "plain') | ('and",
        'plain* near',
        'terms:plain',
        '^plain',
      ]) {
        expect([q, await seqs(q).catch(() => 'failed')]).toEqual([q, expect.any(Array)]);
      }
      expect(await seqs('AND NEAR')).toEqual([1]);
      expect(await seqs('plain NOT and')).toEqual([]);
    });

    it('finds only where it is to look', async () => {
      const [direct, carol] = [directKey(ann.id, bob.id), await join(engine, 'carol')];
      const others = directKey(bob.id, carol.id);
      const room = roomKey('dev 房间:1');
      await engine.log.append([
        ...[say(ann, 'x'), whisper(ann, bob, 'x'), whisper(bob, carol, 'x')],
        say(ann, 'x', { conversation: room }),
      ]);
      const places: readonly ConversationKey[] = [LOBBY_KEY, direct, others, room];
      await engine.search.put(
        places.map((conversation) => entry('word', { conversation, seq: 1 })),
      );
      const found = async (...any: readonly string[]) =>
        new Set((await find('word', { any })).hits.map(({ conversation }) => conversation));
      expect(await found(memberTerm(ann.id))).toEqual(new Set([direct]));
      expect(await found(memberTerm(bob.id))).toEqual(new Set([direct, others]));
      expect(await found(roomTerm(room))).toEqual(new Set([room]));
      expect(await found(roomTerm(LOBBY_KEY), memberTerm(ann.id))).toEqual(
        new Set([LOBBY_KEY, direct]),
      );
      expect(await found(roomTerm(roomKey('nowhere')))).toEqual(new Set());
    });

    it('finds by author, by what a message has, and by time', async () => {
      await engine.log.append([say(ann, 'x')]);
      const by = (authorId: string, text: string, time: number) =>
        entry('', { message: { authorId, text, time } });
      await engine.search.put([
        by(ann.id, 'word', TIME),
        by(bob.id, 'word https://example.org/', TIME + 1),
        by(bob.id, 'word http://', TIME + 2),
      ]);
      const all = [['word']];
      expect(await seqs('word', { all: [...all, [authorTerm(bob.id)]] })).toEqual([3, 2]);
      expect(await seqs('word', { all: [...all, [contentTerm('link')]] })).toEqual([2]);
      expect(await seqs('word', { after: TIME })).toEqual([3, 2]);
      expect(await seqs('word', { before: TIME + 2 })).toEqual([2, 1]);
      expect(await seqs('word', { after: TIME, before: TIME + 2 })).toEqual([2]);
      expect(await seqs('word', { after: TIME + 2 })).toEqual([]);
      expect(await seqs('word', { before: 0 })).toEqual([]);
    });

    it('finds what a message says now, and nothing of what is deleted', async () => {
      await index('first 张三', 'second');
      await engine.search.put([entry('edited 李四', { seq: 1 })]);
      expect([await seqs('first'), await seqs('张'), await seqs('edited')]).toEqual([[], [], [1]]);
      await engine.search.put([
        entry('', { seq: 1, message: null }),
        entry('', { seq: 7, message: null }),
      ]);
      expect([await seqs('edited'), await seqs('四'), await seqs('second')]).toEqual([[], [], [2]]);
      await engine.search.put([entry('back again', { seq: 1 })]);
      expect(await seqs('back')).toEqual([1]);
    });

    it('may be given the same again', async () => {
      await index('once', 'once');
      lobby = 0;
      await index('once', 'once');
      expect(await seqs('once')).toEqual([2, 1]);
    });

    it('goes on page by page, without a gap or a repetition', async () => {
      await engine.log.append([say(ann, 'x')]);
      // Fifty of one millisecond, and fifty apart.
      const times = Array.from({ length: 100 }, (_, at) => TIME + Math.max(0, at - 50) * 3_600_000);
      await engine.search.put(times.map((time) => entry('word', {}, time)));
      const seen: number[] = [];
      let cursor: string | null = null;
      do {
        const found: Found = await find('word', {}, { limit: 7, cursor });
        seen.push(...found.hits.map(({ seq }) => seq));
        expect(found.next === null || found.next === found.hits.at(-1)?.cursor).toBe(true);
        cursor = found.next;
      } while (cursor !== null);
      expect([...seen].sort((one, other) => other - one)).toEqual(
        Array.from({ length: 100 }, (_, at) => 100 - at),
      );
      expect(seen.slice(0, 49)).toEqual(Array.from({ length: 49 }, (_, at) => 100 - at));
    });

    it('finds what is rare among much, and much that is not recent', async () => {
      await engine.log.append([say(ann, 'x')]);
      const texts = Array.from({ length: 6_000 }, (_, at): string => (at < 100 ? 'old' : 'new'));
      texts[3_000] = 'rare new';
      for (let at = 0; at < texts.length; at += 1_000) {
        const part = texts.slice(at, at + 1_000);
        await engine.search.put(part.map((text, n) => entry(text, {}, TIME + (at + n) * 1_000)));
      }
      expect(await seqs('rare')).toEqual([3_001]);
      expect((await find('old')).hits).toHaveLength(100);
      expect((await find('new', {}, { limit: 51 })).hits.map(({ seq }) => seq)).toEqual(
        Array.from({ length: 51 }, (_, at) => 6_000 - at),
      );
      expect(await seqs('old new')).toEqual([]);
    });

    it('answers with what it has when the time is over, and says where to go on', async () => {
      await index('word', 'word');
      const { hits, next } = await find('word', {}, { patienceMs: 0 });
      expect([hits, next]).toEqual([[], expect.any(String)]);
      const { hits: all } = await find('word', {}, { cursor: next });
      expect(all).toHaveLength(2);
    });

    it.each(['', 'x', '1.2', '1.2.3.4', '9'.repeat(40), '-', "1'"])(
      'refuses a cursor of others: %j',
      async (cursor) => {
        await index('word');
        await expect(find('word', {}, { cursor })).rejects.toMatchObject({ code: 'invalid-field' });
      },
    );

    it('takes any text of any length', async () => {
      await engine.log.append([say(ann, 'x')]);
      const texts = ["'", '\\', '"', "a'b\\c:1A", '*', '张'.repeat(20_000), 'w '.repeat(60_000)];
      texts.push('\u{1f600}', 'x'.repeat(5_000), `a${'\u0301'.repeat(500)}`, '𠮷'.repeat(4_000));
      await engine.search.put(texts.map((text) => entry(text)));
      expect(await seqs('张张张')).toEqual([6]);
      expect(await seqs('w')).toEqual([7]);
      expect(await seqs('x'.repeat(190))).toEqual([9]);
    });

    it('keeps what it was given, and how far it is', async () => {
      expect(await engine.search.progress()).toEqual({ phase: 'new', lagMs: 0, toldAt: 0 });
      await index('kept 张三');
      await engine.search.enter('filling');
      await engine.search.tell({ lagMs: 7, toldAt: TIME });
      await engine.search.enter('filled');
      await engine.reopen();
      expect(await engine.search.progress()).toEqual({ phase: 'filled', lagMs: 7, toldAt: TIME });
      expect(await seqs('张三')).toEqual([1]);
    });

    it('adds to what it kept', async () => {
      await index('kept');
      await engine.reopen();
      await engine.search.put([entry('kept too', {}, TIME + 1)]);
      expect(await seqs('kept')).toEqual([2, 1]);
    });
  });
}
