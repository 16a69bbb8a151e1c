import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type StoredSession, TOGETHER_MS } from '../../src/auth/sessions/session-store.js';
import type { Person } from '../../src/kernel/person.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { join, newId, PASSWORD_HASH } from './people.js';

const NOW = 1_790_000_000_000;
const END = NOW + 10 * TOGETHER_MS;
const NEXT_END = END + 10_000;
/** Successors that are given later than this are not of the same moment. */
const APART = TOGETHER_MS + 1;

export function refreshTokenContract(open: EngineFactory): void {
  describe('Refresh tokens', () => {
    let engine: EngineUnderTest;
    let alice: Person;
    let tests = 0;

    beforeAll(async () => {
      engine = await open();
      alice = await join(engine, 'alice');
    });

    beforeEach(() => {
      tests += 1;
    });

    afterAll(() => engine.dispose());

    /** Each test has tokens of its own. */
    function hashOf(token: string): string {
      return `${String(tests)}: ${token}`;
    }

    async function logIn(token: string): Promise<StoredSession> {
      const session = { id: newId(), userId: alice.id, createdAt: NOW, expiresAt: END };
      await engine.sessions.create(session, hashOf(token), PASSWORD_HASH);
      return session;
    }

    function rotate(token: string, successor: string, now = NOW) {
      return engine.sessions.rotate(hashOf(token), hashOf(successor), NEXT_END, now);
    }

    async function statusOf(token: string, successor: string, now = NOW): Promise<string> {
      return (await rotate(token, successor, now)).status;
    }

    it('are exchanged for a successor, which moves the end of the session', async () => {
      const session = await logIn('first');
      const moved = { ...session, expiresAt: NEXT_END };
      expect(await rotate('first', 'second')).toEqual({ status: 'rotated', session: moved });
      expect(await rotate('second', 'third')).toEqual({ status: 'rotated', session: moved });
    });

    it('are unknown where nobody gave them', async () => {
      await logIn('first');
      expect(await rotate('never given', 'second')).toEqual({ status: 'unknown' });
    });

    it('are of no use from the moment of their end on, repeated or not', async () => {
      await logIn('first');
      expect(await statusOf('first', 'second', END)).toBe('unknown');
      expect(await statusOf('first', 'second', END - 1)).toBe('rotated');
      expect(await statusOf('first', 'third', END)).toBe('unknown');
    });

    it('are of no use when their session is revoked', async () => {
      const session = await logIn('first');
      await rotate('first', 'second');
      await engine.sessions.revoke(session.id, NOW);
      expect(await statusOf('first', 'third')).toBe('unknown');
      expect(await statusOf('second', 'third')).toBe('unknown');
    });

    describe('that come again', () => {
      it.each([
        ['at once', 0],
        ['a minute later', TOGETHER_MS],
        ['minutes later', 5 * TOGETHER_MS],
        ['after the clock was set back', -5 * TOGETHER_MS],
      ])('%s, their answer lost, get a successor that works [S52]', async (_when, after) => {
        const session = await logIn('first');
        await rotate('first', 'lost');
        expect(await rotate('first', 'second', NOW + after)).toEqual({
          status: 'repeated',
          session: { ...session, expiresAt: NEXT_END },
        });
        expect(await statusOf('second', 'third', NOW + after)).toBe('rotated');
        expect(await statusOf('third', 'fourth', NOW + after)).toBe('rotated');
        expect(await engine.sessions.revokedSince(0)).not.toContain(session.id);
      });

      it('get one each time, however often the answer is lost [S52]', async () => {
        await logIn('first');
        for (let times = 0; times < 150; times++) {
          const now = NOW + times * 3_000;
          expect(['rotated', 'repeated']).toContain(await statusOf('first', `try ${times}`, now));
        }
        expect(await statusOf('try 149', 'next', NOW + 150 * 3_000)).toBe('rotated');
      });

      it('after a successor was used, end their session [S52]', async () => {
        const session = await logIn('first');
        await rotate('first', 'second');
        await rotate('second', 'third');
        expect(await rotate('first', 'of a thief')).toMatchObject({
          status: 'reused',
          session: { id: session.id, userId: alice.id },
        });
        expect(await engine.sessions.revokedSince(NOW)).toContain(session.id);
        expect(await statusOf('third', 'fourth')).toBe('unknown');
        expect(await statusOf('of a thief', 'fourth')).toBe('unknown');
      });

      it('long after a successor was used, end their session as well [S52]', async () => {
        await logIn('0');
        for (let n = 0; n < 50; n++) await rotate(String(n), String(n + 1));
        expect(await statusOf('3', 'of a thief')).toBe('reused');
        expect(await statusOf('50', '51')).toBe('unknown');
      });

      it('report the end of the session once', async () => {
        await logIn('first');
        await rotate('first', 'second');
        await rotate('second', 'third');
        await rotate('first', 'fourth');
        expect(await statusOf('first', 'fourth')).toBe('unknown');
      });

      it('leave the sessions of others alone', async () => {
        await logIn('first');
        await logIn('of another session');
        await rotate('first', 'second');
        await rotate('second', 'third');
        await rotate('first', 'fourth');
        expect(await statusOf('of another session', 'next')).toBe('rotated');
      });

      it('over and over within a minute, are asked to wait, and the session lives', async () => {
        await logIn('first');
        const statuses = new Map<string, number>();
        for (let times = 0; times < 100; times++) {
          const status = await statusOf('first', `try ${times}`);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
        expect(Object.fromEntries(statuses)).toEqual({ rotated: 1, repeated: 63, crowded: 36 });
        expect(await statusOf('first', 'later', NOW + APART)).toBe('repeated');
        expect(await statusOf('later', 'next', NOW + APART)).toBe('rotated');
      });
    });

    describe('that come at once from several tabs', () => {
      it('all get a successor that works, twenty racing ones too [S52]', async () => {
        await logIn('first');
        const tabs = Array.from({ length: 20 }, (_, index) => `tab ${index}`);
        const answers = await Promise.all(tabs.map((tab) => statusOf('first', tab)));
        expect(answers.filter((status) => status === 'rotated')).toHaveLength(1);
        expect(answers.filter((status) => status === 'repeated')).toHaveLength(19);
        const next = await Promise.all(tabs.map((tab) => statusOf(tab, `${tab}, next`)));
        expect(new Set(next)).toEqual(new Set(['rotated']));
      });

      it.each([
        ['one after the other', ['a', 'b', 'c', 'a', 'b', 'c']],
        ['one again and again, then the others', ['a', 'a', 'a', 'b', 'c', 'a', 'c', 'b']],
        ['in reverse', ['c', 'c', 'b', 'a', 'b', 'c']],
      ])('go on in any order of later use: %s [S52]', async (_how, order) => {
        await logIn('first');
        const held = new Map<string, string>();
        for (const tab of ['a', 'b', 'c']) {
          held.set(tab, tab);
          await rotate('first', tab, NOW + held.size * 15_000);
        }
        for (const [turn, tab] of order.entries()) {
          const next = `${tab}${turn}`;
          const now = NOW + 50_000 + turn * TOGETHER_MS;
          expect(await statusOf(held.get(tab) ?? '', next, now)).toBe('rotated');
          held.set(tab, next);
        }
      });
    });

    describe('that were given apart for one and the same', () => {
      it('are good for whoever uses theirs first, and give the other one away [S52]', async () => {
        const session = await logIn('first');
        await rotate('first', 'of the owner');
        expect(await statusOf('first', 'of a thief', NOW + APART)).toBe('repeated');
        expect(await statusOf('of the owner', 'next', NOW + APART)).toBe('rotated');
        expect(await statusOf('of a thief', 'more', NOW + APART)).toBe('reused');
        expect(await engine.sessions.revokedSince(0)).toContain(session.id);
        expect(await statusOf('next', 'more', NOW + APART)).toBe('unknown');
      });
    });

    it('survive a restart, and so does the memory of what came of them [S52]', async () => {
      await logIn('first');
      await rotate('first', 'lost');
      await engine.reopen();
      expect(await statusOf('first', 'second')).toBe('repeated');
      expect(await statusOf('second', 'third')).toBe('rotated');
      await engine.reopen();
      expect(await statusOf('first', 'fourth')).toBe('reused');
    });

    it('are forgotten after hundreds of exchanges: refused, and the session lives', async () => {
      await logIn('0');
      for (let n = 0; n < 240; n++) await rotate(String(n), String(n + 1));
      expect(await statusOf('3', 'of a thief')).toBe('unknown');
      expect(await statusOf('240', '241')).toBe('rotated');
      expect(await statusOf('200', 'of a thief')).toBe('reused');
    });
  });
}
