import { beforeAll, describe, expect, it } from '@jest/globals';
import { SearchIndex } from '../../../src/search/search-index.js';
import { call } from '../messages/calls.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { until } from '../../support/bounded.js';
import { onEachEngine } from '../../support/engines.js';
import { guest, type Tokens } from '../../support/people.js';
import { get, problem } from '../history/library.js';
import { type Answer, ask, say, search, untilIndexed, whisper } from './library.js';

/** Said by ann in the lobby, in this order; and what a careless index makes of it. */
const CORPUS = [
  '我叫张三', // Two characters: a trigram index drops them in silence.
  '张三丰是武当的', // A longer run with the same beginning.
  '三张桌子', // The same characters the other way round.
  '弓长张', // The character at the end of its run.
  '東京タワーとｶﾗｵｹ', // Half-width kana.
  '안녕하세요 여러분', // Korean.
  'Straße nach ΣΊΣΥΦΟΣ', // A case that is more than one letter, and two sigmas.
  'un Cafe\u0301 noir', // A letter in two parts.
  '👍👍 ＦＵＬＬ width 𠮷野家', // Before each place something of two UTF-16 units.
  'a% b_c \\d "e" \'f\' -g (h) * ^ : ~', // Signs that mean something elsewhere.
  'foo AND bar OR NOT NEAR',
  'https://example.org/path?q=张三',
] as const;

onEachEngine((newDatabase) => {
  describe('search', () => {
    let env: Readonly<Record<string, string>>;
    let service: RunningApp;
    let ann: Tokens;
    let bob: Tokens;
    let eve: Tokens;

    beforeAll(async () => {
      env = await newDatabase();
      service = await startApp(env);
      [ann, bob, eve] = [
        await guest(service, 'ann'),
        await guest(service, 'bob'),
        await guest(service, 'eve'),
      ];
      for (const text of CORPUS) await say(service, ann.user, text);
      await whisper(service, bob.user, ann.user, 'secret 秘密 for ann');
      await whisper(service, ann.user, bob.user, 'secret answer');
      await untilIndexed(service, ann);
      await until(
        async () => ((await found(ann, 'secret')).length === 2 ? true : null),
        'private messages in the index',
        () => 'nothing',
      );
    });

    async function found(reader: Tokens, q: string, how = {}): Promise<readonly string[]> {
      const { items } = await search(service, reader, { q, ...how });
      return items.map(({ data }) => data);
    }

    it('asks who searches', async () => {
      expect(await problem(await get(service, '/search?q=x'))).toMatchObject({
        status: 401,
        code: 'unauthorized',
      });
    });

    it.each<[string, readonly number[]]>([
      ['张三', [11, 1, 0]],
      ['张', [11, 3, 2, 1, 0]],
      ['三', [11, 2, 1, 0]],
      ['三张', [2]],
      ['张三丰', [1]],
      ['张三 -丰 -example', [0]],
      ['"三丰是武"', [1]],
      ['东', []],
      ['カラオケ', [4]],
      ['ｶﾗ', [4]],
      ['ワー', [4]],
      ['하세', [5]],
      ['分 여러분', []],
      ['여러분', [5]],
      ['STRASSE', [6]],
      ['σίσυφος', [6]],
      ['caf\u00e9', [7]],
      ['cafe', []],
      ['full', [8]],
      ['𠮷', [8]],
      ['野家', [8]],
      ['"width 𠮷"', [8]],
      ['"full 野"', []],
      ['b_c', [9]],
      ['"e" \'f\'', [9]],
      ['foo AND', [10]],
      ['foo NEAR OR', [10]],
      ['foo -bar', []],
      ['"AND bar"', [10]],
      ['example.org', [11]],
    ])('finds with %j what it says, and nothing else', async (q, at) => {
      expect(await found(eve, q, { from: 'ann' })).toEqual(at.map((index) => CORPUS[index]));
    });

    it('gives each message as pages do, and where it says what was looked for', async () => {
      const { items } = await search(service, eve, { q: '𠮷 full' });
      const page = await get(service, '/rooms/lobby/messages?after=8&limit=1', eve);
      const [message] = ((await page.json()) as Answer).items;
      expect(items).toEqual([
        {
          ...message,
          highlights: [
            [3, 7],
            [14, 15],
          ],
        },
      ]);
    });

    it('finds what the reader may read now, and is silent of everything else [S62]', async () => {
      expect(await found(ann, 'secret')).toEqual(['secret answer', 'secret 秘密 for ann']);
      expect(await found(bob, '秘')).toEqual(['secret 秘密 for ann']);
      for (const q of [
        'secret',
        '秘密',
        '秘',
        'answer',
        `_p${ann.user.id}`,
        'secret" OR "secret',
      ]) {
        expect(await found(eve, q)).toEqual([]);
      }
      expect(await found(eve, 'secret', { from: 'ann' })).toEqual([]);
      expect(await found(eve, 'secret', { with: 'ann' })).toEqual([]);
    });

    it('shows nothing that the gate refuses, whatever the index says [S62]', async () => {
      const index = service.app.get(SearchIndex, { strict: false });
      const { hits } = await index.find(
        {
          ...{ any: [`_p${ann.user.id.toLowerCase()}`], all: [['secret']] },
          ...{ none: [], after: null, before: null },
        },
        { limit: 10, cursor: null, patienceMs: 1_000 },
      );
      expect(hits).toHaveLength(2);
      // Somebody else's conversation, whatever eve looks for.
      const answer = () => Promise.resolve({ hits, next: null });
      Object.defineProperty(index, 'find', { value: answer, configurable: true });
      try {
        expect(await found(eve, 'secret')).toEqual([]);
        expect(await found(bob, 'secret')).toHaveLength(2);
      } finally {
        Reflect.deleteProperty(index, 'find');
      }
    });

    it('narrows by room, partner, author, time and what a message has', async () => {
      expect(await found(ann, 'secret', { room: 'lobby' })).toEqual([]);
      expect(await found(ann, 'secret', { with: 'bob' })).toHaveLength(2);
      expect(await found(ann, 'secret', { with: 'BOB', from: 'bob' })).toEqual([
        'secret 秘密 for ann',
      ]);
      expect(await found(ann, '张三', { has: 'link' })).toEqual([CORPUS[11]]);
      const { items } = await search(service, ann, { q: '张' });
      const times = items.map((item) => (item as unknown as { time: number }).time);
      const [after, before] = [String(times[4] ?? 0), String((times[0] ?? 0) + 1)];
      expect(await found(ann, '张', { before: after })).toEqual([]);
      expect((await found(ann, '张', { after: String(Number(after) - 1), before })).length).toBe(5);
      expect((await found(ann, '张', { after: before })).length).toBe(0);
    });

    it.each([
      [{ room: 'other' }, 403, 'not-a-member', 'room'],
      [{ with: 'nobody-of-that-name' }, 404, 'unknown-recipient', 'with'],
      [{ with: 'ann' }, 400, 'self-recipient', 'with'],
      [{ from: 'nobody-of-that-name' }, 404, 'unknown-recipient', 'from'],
      [{ room: 'lobby', with: 'bob' }, 400, 'invalid-field', 'with'],
      [{ has: 'everything' }, 400, 'invalid-field', 'has'],
      [{ limit: '0' }, 400, 'invalid-field', 'limit'],
      [{ limit: '51' }, 400, 'invalid-field', 'limit'],
      [{ after: '-1' }, 400, 'invalid-field', 'after'],
      [{ before: '1e9' }, 400, 'invalid-field', 'before'],
      [{ cursor: 'x' }, 400, 'invalid-field', 'cursor'],
      [{ q: '' }, 400, 'invalid-field', 'q'],
      [{ q: '-x' }, 400, 'invalid-field', 'q'],
      [{ q: '.*' }, 400, 'invalid-field', 'q'],
      [{ q: 'a b c d e f g h i' }, 400, 'invalid-field', 'q'],
      [{ q: '张'.repeat(201) }, 400, 'invalid-field', 'q'],
    ])('refuses %j', async (query, status, code, field) => {
      const answer = await ask(service, ann, { q: 'x', ...query });
      expect(await problem(answer)).toEqual({ status, code, field });
    });

    it.each(['q=a&q=b', 'q[]=a', 'q=a&room[x]=lobby', 'q=a&%6cimit[]=3', 'limit=3'])(
      'takes a parameter in one form only: %s [S44]',
      async (query) => {
        const answer = await get(service, `/search?${query}`, ann);
        expect(await problem(answer)).toMatchObject({ status: 400, code: 'invalid-field' });
      },
    );

    it('goes on page by page to the end', async () => {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const how: Readonly<Record<string, string>> = cursor === '' ? {} : { cursor };
        const { items, next } = await search(service, eve, { q: '张', limit: '2', ...how });
        seen.push(...items.map(({ data }) => data));
        cursor = next;
      }
      expect(seen).toEqual([11, 3, 2, 1, 0].map((index) => CORPUS[index]));
    });

    it('tells how far the index is behind', async () => {
      const { indexed } = await search(service, eve, { q: '张' });
      expect(indexed).toEqual({ lag_ms: expect.any(Number) });
    });

    it('finds an edited message by its new text only, and a deleted one not at all', async () => {
      const index = service.app.get(SearchIndex, { strict: false });
      const has = async (word: string): Promise<boolean> => {
        const query = { any: ['_r' + Buffer.from('room:lobby').toString('hex')], all: [[word]] };
        const { hits } = await index.find(
          { ...query, none: [], after: null, before: null },
          { limit: 10, cursor: null, patienceMs: 1_000 },
        );
        return hits.length > 0;
      };
      const edited = await say(service, ann.user, 'wrong');
      const deleted = await say(service, ann.user, 'regretted');
      await untilIndexed(service, ann);
      expect([await has('wrong'), await has('regretted')]).toEqual([true, true]);
      const path = (seq: number): string => `/rooms/lobby/messages/${String(seq)}`;
      await call(service, ann, 'PATCH', path(edited), { data: 'corrected' });
      await call(service, ann, 'DELETE', path(deleted));
      await say(service, ann.user, '{}', { kind: 'wave', counts: false });
      await untilIndexed(service, ann);
      expect([await has('wrong'), await has('corrected'), await has('regretted')]).toEqual([
        ...[false, true, false],
      ]);
    });

    it('finds what was said before a restart, and after it', async () => {
      await say(service, ann.user, 'before the restart');
      await service.app.close();
      // The secret that signs tokens is there, too.
      service = await startApp({ ...env, DATA_DIR: service.dataDir });
      await say(service, ann.user, 'after the restart');
      await untilIndexed(service, eve);
      expect(await found(eve, 'restart')).toEqual(['after the restart', 'before the restart']);
      expect(await found(eve, '张三', { from: 'ann' })).toHaveLength(3);
    });
  });
});

describe('Searches', () => {
  it('are not there where the service is told to index nothing', async () => {
    const service = await startApp({ SEARCH: 'false' });
    const refused = await ask(service, await guest(service), { q: 'x' });
    expect(await problem(refused)).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('are limited per person, and tell when to come back [S62]', async () => {
    const service = await startApp({ SEARCH_RATE: '2' });
    const [ann, bob] = [await guest(service, 'ann'), await guest(service, 'bob')];
    await untilIndexed(service, bob).catch(() => undefined);
    const answers: number[] = [];
    for (let n = 0; n < 6; n++) answers.push((await ask(service, ann, { q: 'x' })).status);
    expect(answers.slice(0, 4)).toEqual([200, 200, 200, 200]);
    const refused = await ask(service, ann, { q: 'x' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await problem(refused)).toMatchObject({ status: 429, code: 'rate-limited' });
    expect((await get(service, '/rooms/lobby/messages', ann)).status).toBe(200);
  });
});
