import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredSession, TicketClaim } from '../../src/auth/sessions/session-store.js';
import type { Person } from '../../src/kernel/person.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { account, join, newId, PASSWORD_HASH } from './people.js';

const NOW = 1_790_000_000_000;
const LATER = NOW + 1_000;
const END = NOW + 10_000;
const NEXT_END = NOW + 20_000;

export function sessionStoreContract(open: EngineFactory): void {
  describe('SessionStore', () => {
    let engine: EngineUnderTest;
    let alice: Person;

    beforeEach(async () => {
      engine = await open();
      alice = await join(engine, 'alice');
    });

    afterEach(() => engine.dispose());

    async function logIn(refreshHash: string, user = alice): Promise<StoredSession> {
      const session = { id: newId(), userId: user.id, createdAt: NOW, expiresAt: END };
      if (!(await engine.sessions.create(session, refreshHash, PASSWORD_HASH))) {
        throw new Error('The password was changed');
      }
      return session;
    }

    function change(to: string, except = 'none', from = PASSWORD_HASH, now = LATER) {
      return engine.sessions.changePassword({ userId: alice.id, from, to, except, now });
    }

    function rotate(hash: string, successor: string, now = LATER) {
      return engine.sessions.rotate(hash, successor, NEXT_END, now);
    }

    describe('revocation', () => {
      it('ends a session once', async () => {
        const session = await logIn('first');
        expect(await engine.sessions.revoke(session.id, NOW)).toBe(true);
        expect(await engine.sessions.revoke(session.id, NOW)).toBe(false);
      });

      it('answers false for a session that never was', async () => {
        expect(await engine.sessions.revoke('nothing', NOW)).toBe(false);
      });

      it('is remembered with its time, over a restart too', async () => {
        const early = await logIn('early');
        const late = await logIn('late');
        await logIn('never');
        await engine.sessions.revoke(early.id, NOW);
        await engine.sessions.revoke(late.id, LATER);
        await engine.reopen();
        expect(await engine.sessions.revokedSince(LATER)).toEqual([late.id]);
        expect([...(await engine.sessions.revokedSince(NOW))].sort()).toEqual(
          [early.id, late.id].sort(),
        );
        expect(await engine.sessions.revokedSince(LATER + 1)).toEqual([]);
      });
    });

    describe('a change of the password', () => {
      it('ends the sessions of the user and names those that it ended', async () => {
        const bob = await join(engine, 'bob');
        const one = await logIn('one');
        const two = await logIn('two');
        const ended = await logIn('three');
        await logIn('of bob', bob);
        await engine.sessions.revoke(ended.id, NOW);
        expect([...((await change('new')) ?? [])].sort()).toEqual([one.id, two.id].sort());
        expect((await engine.users.findById(alice.id))?.passwordHash).toBe('new');
        expect(await rotate('one', 'next')).toEqual({ status: 'unknown' });
        expect(await rotate('of bob', 'next')).toMatchObject({ status: 'rotated' });
        expect((await engine.users.findById(bob.id))?.passwordHash).toBe(PASSWORD_HASH);
      });

      it('spares the session that asks', async () => {
        const one = await logIn('one');
        const kept = await logIn('kept');
        expect(await change('new', kept.id)).toEqual([one.id]);
        expect(await rotate('kept', 'next')).toMatchObject({ status: 'rotated' });
      });

      it('changes nothing where the password is another one by now, or nobody is there', async () => {
        await logIn('one');
        expect(await change('new', 'none', 'an older one')).toBeNull();
        const nobody = { userId: 'nobody', from: PASSWORD_HASH, to: 'x', except: '', now: NOW };
        expect(await engine.sessions.changePassword(nobody)).toBeNull();
        expect((await engine.users.findById(alice.id))?.passwordHash).toBe(PASSWORD_HASH);
        expect(await rotate('one', 'next')).toMatchObject({ status: 'rotated' });
      });

      it('succeeds for exactly one of fifty that were proved by the same password', async () => {
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, index) => change(`new ${String(index)}`)),
        );
        const [winner, ...others] = answers.flatMap((ended, index) => (ended ? [index] : []));
        expect(others).toEqual([]);
        const stored = await engine.users.findById(alice.id);
        expect(stored?.passwordHash).toBe(`new ${String(winner)}`);
      });

      it('lets no session in that the old password opens later', async () => {
        await change('new');
        const session = { id: newId(), userId: alice.id, createdAt: NOW, expiresAt: END };
        expect(await engine.sessions.create(session, 'late', PASSWORD_HASH)).toBe(false);
        expect(await engine.sessions.create(session, 'late', null)).toBe(false);
        expect(await rotate('late', 'next')).toEqual({ status: 'unknown' });
        expect(await engine.sessions.create(session, 'late', 'new')).toBe(true);
      });

      it('leaves no session of the old password alive, of fifty that are opened meanwhile', async () => {
        const opened = Array.from({ length: 50 }, async (_, index) => {
          const session = { id: newId(), userId: alice.id, createdAt: NOW, expiresAt: END };
          await engine.sessions.create(session, `race ${String(index)}`, PASSWORD_HASH);
        });
        await Promise.all([...opened.slice(0, 25), change('new'), ...opened.slice(25)]);
        for (let index = 0; index < 50; index++) {
          expect(await rotate(`race ${String(index)}`, 'next')).toEqual({ status: 'unknown' });
        }
      });

      it('is nothing that a guest can be mistaken in', async () => {
        const guest = account('guest', { passwordHash: null });
        await engine.users.create(guest);
        const session = { id: newId(), userId: guest.id, createdAt: NOW, expiresAt: END };
        expect(await engine.sessions.create(session, 'guest', PASSWORD_HASH)).toBe(false);
        expect(await engine.sessions.create(session, 'guest', null)).toBe(true);
      });
    });

    describe('the sessions of an account beyond so many', () => {
      it('end, those that were used last go on, and nobody else’s [S50]', async () => {
        const bob = await join(engine, 'bob');
        const [one, two, three] = [await logIn('one'), await logIn('two'), await logIn('three')];
        const ofBob = await logIn('of bob', bob);
        await engine.sessions.rotate('one', 'next', NEXT_END, LATER);
        const surplus = { userId: alice.id, keep: 2, now: LATER, until: LATER + 1 };
        expect(await engine.sessions.endSurplus(surplus)).toEqual([two.id]);
        expect(await engine.sessions.endSurplus(surplus)).toEqual([]);
        expect(await engine.sessions.revokedSince(LATER)).toEqual([two.id]);
        for (const { id } of [one, three, ofBob])
          expect(await engine.sessions.isAlive(id)).toBe(true);
        await engine.sessions.prune(LATER + 2);
        expect(await engine.sessions.revokedSince(0)).toEqual([]);
      });
    });

    describe('tickets', () => {
      function claim(): TicketClaim {
        return {
          sessionId: newId(),
          userId: alice.id,
          username: 'alice',
          sessionExpiresAt: END,
        };
      }

      it('give their claim back, once', async () => {
        const expected = claim();
        await engine.sessions.putTicket('ticket', expected, LATER);
        expect(await engine.sessions.takeTicket('ticket', NOW)).toEqual(expected);
        expect(await engine.sessions.takeTicket('ticket', NOW)).toBeNull();
      });

      it('are of no use when their session is revoked', async () => {
        const session = await logIn('first');
        const sessionId = session.id;
        await engine.sessions.putTicket('ticket', { ...claim(), sessionId }, LATER);
        await engine.sessions.revoke(sessionId, NOW);
        expect(await engine.sessions.takeTicket('ticket', NOW)).toBeNull();
      });

      it('are given to exactly one of fifty who take one at once', async () => {
        await engine.sessions.putTicket('ticket', claim(), LATER);
        const claims = await Promise.all(
          Array.from({ length: 50 }, () => engine.sessions.takeTicket('ticket', NOW)),
        );
        expect(claims.filter((one) => one !== null)).toHaveLength(1);
      });

      it('are of no use from the moment of their end on', async () => {
        await engine.sessions.putTicket('ticket', claim(), LATER);
        expect(await engine.sessions.takeTicket('ticket', LATER)).toBeNull();
      });

      it('are unknown where nobody gave them', async () => {
        expect(await engine.sessions.takeTicket('%', NOW)).toBeNull();
      });

      it('survive a restart', async () => {
        const expected = claim();
        await engine.sessions.putTicket('ticket', expected, LATER);
        await engine.reopen();
        expect(await engine.sessions.takeTicket('ticket', NOW)).toEqual(expected);
      });

      it('are forgotten in any number when they have ended, and only then', async () => {
        // No more at once than may wait for a connection.
        for (let from = 0; from < 2_500; from += 100) {
          const some = Array.from({ length: 100 }, (_, index) =>
            engine.sessions.putTicket(`old ${from + index}`, claim(), NOW),
          );
          await Promise.all(some);
        }
        await engine.sessions.putTicket('live', claim(), LATER);
        await engine.sessions.prune(LATER);
        expect(await engine.sessions.takeTicket('old 0', NOW - 1)).toBeNull();
        expect(await engine.sessions.takeTicket('old 2499', NOW - 1)).toBeNull();
        expect(await engine.sessions.takeTicket('live', NOW)).not.toBeNull();
      });
    });

    describe('a session', () => {
      it('is alive until it is revoked, or forgotten', async () => {
        const [one, other] = [await logIn('one'), await logIn('other')];
        const areAlive = () =>
          Promise.all([one.id, other.id, 'nothing'].map((id) => engine.sessions.isAlive(id)));
        expect(await areAlive()).toEqual([true, true, false]);
        await engine.sessions.revoke(one.id, NOW);
        expect(await areAlive()).toEqual([false, true, false]);
        await engine.sessions.prune(END + 1);
        expect(await areAlive()).toEqual([false, false, false]);
      });
    });

    describe('pruning', () => {
      it('is remembered by the latest time by which it was done, over a restart too', async () => {
        expect(await engine.sessions.prunedUntil()).toBe(0);
        await engine.sessions.prune(LATER);
        await engine.sessions.prune(NOW);
        await engine.reopen();
        expect(await engine.sessions.prunedUntil()).toBe(LATER);
      });

      it('forgets sessions that have ended, with their tokens', async () => {
        const session = await logIn('first');
        await engine.sessions.revoke(session.id, NOW);
        await engine.sessions.prune(END + 1);
        expect(await engine.sessions.revokedSince(0)).toEqual([]);
        expect(await rotate('first', 'second', NOW)).toEqual({ status: 'unknown' });
      });

      it('keeps what has not ended yet, used tokens included', async () => {
        await logIn('first');
        await rotate('first', 'second');
        await rotate('second', 'of its successor');
        await engine.sessions.prune(END);
        expect(await rotate('first', 'third', END - 1)).toMatchObject({ status: 'reused' });
      });
    });
  });
}
