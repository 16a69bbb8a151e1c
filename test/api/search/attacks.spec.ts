import { beforeAll, describe, expect, it } from '@jest/globals';
import { LOBBY_KEY } from '../../../src/chat/conversations/lobby.js';
import { type Found, type IndexEntry, SearchIndex } from '../../../src/search/search-index.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { until } from '../../support/bounded.js';
import { onEachEngine } from '../../support/engines.js';
import { enter, guest, type Member, type Tokens } from '../../support/people.js';
import { store } from '../history/library.js';
import { ask, search, untilIndexed } from './library.js';

/** Half a second to look, and time to spare: others share the machine. */
const BOUND_MS = 3_000;
const TEXT = '东南西北'.repeat(20) + ' aaaa bbbb '.repeat(20);

onEachEngine((newDatabase) => {
  describe('a search that is meant to hurt', () => {
    let service: RunningApp;
    let eve: Tokens;
    let bystander: Member;

    beforeAll(async () => {
      service = await startApp(await newDatabase());
      eve = await guest(service, 'eve');
      bystander = await enter(service, 'bystander');
      await store(service, eve.user, Array<string>(3_000).fill(TEXT));
      await untilIndexed(service, eve);
    });

    /** @returns its status, or the time it took where that was too long */
    async function bounded(q: string, how = {}): Promise<number | string> {
      const began = performance.now();
      const { status } = await ask(service, eve, { q, ...how });
      const took = performance.now() - began;
      return took < BOUND_MS ? status : `${status} after ${Math.round(took)} ms`;
    }

    it('is bounded by its length, whatever that is [S62]', async () => {
      for (const piece of ['东', '东南', '东南西北', 'a', 'a ', 'aaaa bbbb ', '-a ', '"', '-']) {
        for (let length = 1; length <= 200; length += 13) {
          const q = piece.repeat(length).slice(0, length);
          expect([200, 400]).toContain(await bounded(q));
        }
      }
      expect(await bounded('x'.repeat(15_000))).toBe(400);
    });

    it.each([
      '"a" OR "b"',
      'a" OR "b',
      'NEAR(a b, 5)',
      'a AND NOT b',
      '{terms}: a',
      'terms : a*',
      '^a + b',
      "a'); drop table words; --",
      "a' | 'b",
      'a <-> b & !c',
      'a:*ABCD',
      '(((((((((a',
      '.*(a+)+$',
      '(a|a)*b',
      '%%%%a____',
      '\\x27 a \\0',
      'a\u0000b',
      'a\u202e\u200b\ufeffb',
      '_r6c6f626279 _p01',
      'aaaa '.repeat(8),
      '"' + 'aaaa bbbb '.repeat(19) + '"',
      '东'.repeat(200),
      'aaaa -东 -南 -西 -北 -bbbb',
    ])('is taken for words, and bounded: %j [S62]', async (q) => {
      expect(await bounded(q)).toBe(200);
    });

    it('finds too much in no more time than a page of it takes [S62]', async () => {
      for (const q of ['aaaa', '东', '东南西北', 'aaaa bbbb 东 南', '"aaaa bbbb aaaa"']) {
        expect(await bounded(q, { limit: '50' })).toBe(200);
      }
      const { items, next } = await search(service, eve, { q: 'aaaa 东', limit: '50' });
      expect([items.length, typeof next]).toEqual([50, 'string']);
    });

    it('ends in time where nothing of what the index says is to be shown [S62]', async () => {
      const index = service.app.get(SearchIndex, { strict: false });
      for (let at = 0; at < 30; at++) {
        const entries = Array.from({ length: 1_000 }, (_, n): IndexEntry => {
          const message = { authorId: eve.user.id, time: Date.now(), text: 'phantom' };
          return { conversation: LOBBY_KEY, seq: 1_000_000 + at * 1_000 + n, message };
        });
        await index.put(entries);
      }
      const began = performance.now();
      const { items, next, partial } = await search(service, eve, { q: 'phantom' });
      expect(performance.now() - began).toBeLessThan(BOUND_MS);
      expect([items, partial, typeof next]).toEqual([[], true, 'string']);
      const { next: after } = await search(service, eve, { q: 'phantom', cursor: next ?? '' });
      expect(after).not.toBe(next);
    });

    it('is refused beyond so many at once, while others talk on [S62]', async () => {
      const index = service.app.get(SearchIndex, { strict: false });
      const held: (() => void)[] = [];
      const hold = (): Promise<Found> =>
        new Promise((resolve) => {
          held.push(() => {
            resolve({ hits: [], next: null });
          });
        });
      Object.defineProperty(index, 'find', { value: hold, configurable: true });
      const answers = Array.from({ length: 32 }, () => ask(service, eve, { q: 'held' }));
      await until(
        () => Promise.resolve(held.length === 32 ? true : null),
        '32 searches',
        () => String(held.length),
      );
      expect(await bounded('one more')).toBe(503);
      const { socket } = bystander;
      socket.send({ type: 2, data: 'still here', ref: 'meanwhile' });
      await socket.next({ type: 6, ref: 'meanwhile' });
      for (const letGo of held) letGo();
      expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(
        Array<number>(32).fill(200),
      );
      Reflect.deleteProperty(index, 'find');
      expect(await bounded('aaaa')).toBe(200);
    });
  });
});
