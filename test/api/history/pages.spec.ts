import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { guest, join, type Tokens } from '../../support/people.js';
import { get, problem, store, texts } from './library.js';
import { onEachEngine } from '../../support/engines.js';

interface Page {
  readonly items: readonly { readonly seq: number; readonly data: string }[];
  readonly head: number;
  readonly next_before: number | null;
  readonly next_after: number | null;
}

onEachEngine((newDatabase) => {
  describe('pages of history', () => {
    let service: RunningApp;
    let ann: Tokens;
    let bob: Tokens;
    let eve: Tokens;

    beforeAll(async () => {
      service = await startApp(await newDatabase());
      ann = await guest(service, 'ann');
      bob = await guest(service, 'bob');
      eve = await guest(service, 'eve');
      await store(service, ann.user, texts(120));
      await store(service, ann.user, ['for bob alone', '100%_'], bob.user);
    });

    async function page(path: string, reader: Tokens): Promise<Page> {
      const response = await get(service, path, reader);
      expect(response.status).toBe(200);
      return (await response.json()) as Page;
    }

    it.each([
      '/rooms/lobby/messages',
      '/rooms/lobby/export',
      '/direct',
      '/direct/bob/messages',
      '/direct/bob/export',
      '/presence',
    ])('asks who wants %s', async (path) => {
      expect(await problem(await get(service, path))).toMatchObject({
        status: 401,
        code: 'unauthorized',
      });
    });

    it('gives the newest fifty where nothing is said, ascending, and what lies around them', async () => {
      const { items, ...rest } = await page('/rooms/lobby/messages', bob);
      expect(items.map((item) => item.seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 71));
      expect(rest).toEqual({ head: 120, next_before: 71, next_after: null });
    });

    it.each(['before', 'after'] as const)(
      'brings everything once to who walks by %s',
      async (way) => {
        const seen: number[] = [];
        let next: number | null = way === 'before' ? 121 : 0;
        while (next !== null) {
          const path = `/rooms/lobby/messages?${way}=${String(next)}&limit=7`;
          const { items, next_before, next_after } = await page(path, bob);
          seen.push(...items.map((item) => item.seq));
          next = way === 'before' ? next_before : next_after;
        }
        seen.sort((a, b) => a - b);
        expect(seen).toEqual(Array.from({ length: 120 }, (_, i) => i + 1));
      },
    );

    it('tells from a page beyond either end how to come back', async () => {
      expect(await page('/rooms/lobby/messages?after=9999', bob)).toEqual({
        items: [],
        head: 120,
        next_before: 121,
        next_after: null,
      });
      expect(await page('/rooms/lobby/messages?before=1', bob)).toEqual({
        items: [],
        head: 120,
        next_before: null,
        next_after: 0,
      });
    });

    it('has an empty page for a conversation in which nothing was said', async () => {
      expect(await page('/direct/bob/messages', eve)).toEqual({
        items: [],
        head: 0,
        next_before: null,
        next_after: null,
      });
    });

    it.each([
      ['limit', 'limit=-1'],
      ['limit', 'limit=0'],
      ['limit', 'limit=201'],
      ['limit', 'limit=1e9'],
      ['limit', 'limit=1000000000'],
      ['limit', 'limit=NaN'],
      ['limit', 'limit=5&limit=6'],
      ['limit', 'limit='],
      ['limit', 'limit[]=5'],
      ['limit', 'limit=%2535'],
      ['before', 'before=-1'],
      ['before', 'before=1e3'],
      ['before', 'before=9007199254740993'],
      ['after', 'after=x'],
      ['before', 'before=5&after=5'],
    ])('refuses a bad %s: %s [S33]', async (field, query) => {
      for (const path of ['/rooms/lobby/messages', '/direct/bob/messages']) {
        expect(await problem(await get(service, `${path}?${query}`, ann))).toEqual({
          status: 400,
          code: 'invalid-field',
          field,
        });
      }
    });

    it.each(['/presence', '/direct'])('bounds the limit of %s [S33]', async (path) => {
      for (const limit of ['-1', '201', '1e9', 'NaN']) {
        expect(await problem(await get(service, `${path}?limit=${limit}`, ann))).toEqual({
          status: 400,
          code: 'invalid-field',
          field: 'limit',
        });
      }
    });

    it.each([
      'secret',
      'lobby2',
      "lobby'--",
      '%25',
      'direct:a:b',
      '@ann',
      '..%2flobby',
      '%256Cobby',
    ])(
      'says the same of the room %s as of every other that one is not in [S8] [S44]',
      async (room) => {
        const one = await get(service, `/rooms/${room}/messages`, ann);
        const other = await get(service, '/rooms/there-is-none/messages', ann);
        expect(one.status).toBe(403);
        const answers = [await one.json(), await other.json()] as object[];
        const [first, second] = answers.map((answer) => ({ ...answer, request_id: '' }));
        expect(first).toEqual(second);
      },
    );

    it('shows a private conversation to its two people and to nobody else [S11]', async () => {
      const said = ['for bob alone', '100%_'];
      expect((await page('/direct/bob/messages', ann)).items.map((item) => item.data)).toEqual(
        said,
      );
      expect((await page('/direct/ann/messages', bob)).items.map((item) => item.data)).toEqual(
        said,
      );
      expect((await page('/direct/ann/messages', eve)).items).toEqual([]);
      expect((await page('/direct/bob/messages', eve)).items).toEqual([]);
      for (const forged of [
        `${ann.user.id}:${bob.user.id}`,
        `direct:${ann.user.id}:${bob.user.id}`,
      ]) {
        const answer = await get(service, `/direct/${encodeURIComponent(forged)}/messages`, eve);
        expect(await problem(answer)).toMatchObject({ status: 404, code: 'unknown-recipient' });
      }
    });

    it.each([
      'nobody',
      '%',
      '_',
      "' OR '1'='1",
      'an%',
      'a_n',
      'ann\u0000',
      '"',
      '\\',
      '../ann',
      '*',
    ])('takes the name %j to the letter [S32]', async (name) => {
      const answer = await get(service, `/direct/${encodeURIComponent(name)}/messages`, bob);
      expect(await problem(answer)).toMatchObject({ status: 404, code: 'unknown-recipient' });
    });

    it('knows no conversation with oneself', async () => {
      expect(await problem(await get(service, '/direct/ann/messages', ann))).toMatchObject({
        status: 400,
        code: 'self-recipient',
      });
    });

    it('answers with the names that people have, however they were spelt', async () => {
      const response = await get(service, `/direct/${encodeURIComponent('ＢoB')}/messages`, ann);
      const { items } = (await response.json()) as { items: { to: string }[] };
      expect(items.length).toBeGreaterThan(0);
      expect(new Set(items.map(({ to }) => to))).toEqual(new Set(['bob']));
      const file = await get(service, '/direct/BOB/export', ann);
      expect(file.headers.get('content-disposition')).toContain('bob');
      await file.body?.cancel();
    });

    it.each(['x', '1', '1.x', '-1.01K', '1.01M8CKSXZ3CREWCATQVDGFJWM', ''])(
      'refuses to go on behind what no page named: %j [S33]',
      async (after) => {
        const answer = await get(service, `/direct?after=${encodeURIComponent(after)}`, ann);
        expect(await problem(answer)).toMatchObject({ code: 'invalid-field', field: 'after' });
      },
    );

    it("lists one's private conversations, with how far they were delivered", async () => {
      const list = (await (await get(service, '/direct', bob)).json()) as { items: unknown[] };
      expect(list.items).toEqual([
        { user: ann.user, seq: 2, delivered: 0, time: expect.any(Number) },
      ]);
      expect(await (await get(service, '/direct', eve)).json()).toEqual({ items: [], next: null });
    });

    it('hands out each message as the very frame that the socket delivered', async () => {
      const [annSocket, bobSocket] = [await join(service, ann), await join(service, bob)];
      annSocket.send({ type: 2, data: 'to all\n<img src=x onerror=alert(1)>' });
      annSocket.send({ type: 3, to: 'bob', data: "'; DROP TABLE events; --" });
      const live = [
        await bobSocket.next({ type: 2, data: 'to all\n<img src=x onerror=alert(1)>' }),
        await bobSocket.next({ type: 3, data: "'; DROP TABLE events; --" }),
      ];
      const room = await page('/rooms/lobby/messages?limit=1', bob);
      const direct = await page('/direct/ann/messages?limit=1', bob);
      expect([...room.items, ...direct.items]).toEqual(live);
    });

    it('pages through who is here', async () => {
      const list = (await (await get(service, '/presence?limit=1', eve)).json()) as {
        items: { username: string }[];
        total: number;
        next: string;
      };
      expect(list.total).toBe(2);
      const rest = (await (
        await get(service, `/presence?limit=5&after=${encodeURIComponent(list.next)}`, eve)
      ).json()) as typeof list;
      expect(rest.next).toBeNull();
      const names = [...list.items, ...rest.items].map((person) => person.username);
      expect(names.sort()).toEqual(['ann', 'bob']);
    });
  });
});

describe('reading back', () => {
  it('is limited per person, and tells when to come back', async () => {
    const service = await startApp({ HISTORY_RATE: '2' });
    const [ann, bob] = await Promise.all([guest(service, 'ann'), guest(service, 'bob')]);
    const paths = ['/rooms/lobby/messages', '/direct', '/direct/bob/messages'];
    for (const path of [...paths, '/rooms/lobby/export']) {
      const answer = await get(service, path, ann);
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
    }
    for (const path of paths) {
      const answer = await get(service, path, ann);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await problem(answer)).toMatchObject({ status: 429, code: 'rate-limited' });
    }
    expect((await get(service, '/rooms/lobby/messages', bob)).status).toBe(200);
  });
});
