import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { directKey } from '../../src/chat/conversations/key.js';
import type { Person } from '../../src/kernel/person.js';
import { ROOM, say, whisper } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { account, join, newId, PASSWORD_HASH } from './people.js';

const HOUR = 3_600_000;
const CREATED = 1_790_000_000_000;
const NOW = CREATED + 1_000 * HOUR;

export function guestStoreContract(open: EngineFactory): void {
  describe('GuestStore', () => {
    let engine: EngineUnderTest;
    let host: Person;

    beforeAll(async () => {
      engine = await open();
      host = await join(engine, 'host');
    });

    afterAll(() => engine.dispose());

    async function guest(username: string, createdAt = CREATED): Promise<Person> {
      const { id } = account(username);
      await engine.users.create(account(username, { id, passwordHash: null, createdAt }));
      return { id, username };
    }

    async function logIn(userId: string, at: number, hash: string = newId()): Promise<string> {
      const session = { id: newId(), userId, createdAt: at, expiresAt: at + 10_000 * HOUR };
      await engine.sessions.create(session, hash, null);
      return session.id;
    }

    /** Lets all go who were not here in the last ten hours. */
    function expire(limit = 100) {
      return engine.guests.expire(NOW - 10 * HOUR, NOW, limit);
    }

    async function hasName(username: string): Promise<boolean> {
      return (await engine.users.findByName(username)) !== null;
    }

    describe('lets a guest go', () => {
      it('whose last visit was too long ago, with every session, and frees the name [S50]', async () => {
        const ann = await guest('ann');
        const sessions = [await logIn(ann.id, CREATED), await logIn(ann.id, CREATED + HOUR)];
        const gone = await expire();
        expect(gone.guests).toBe(1);
        expect([...gone.sessions].sort()).toEqual([...sessions].sort());
        expect(await hasName('ann')).toBe(false);
        expect(await engine.users.create(account('ann'))).toBe(true);
        expect(await engine.users.findById(ann.id)).toMatchObject({
          username: `deleted-${ann.id}`,
          canonicalName: `deleted-${ann.id.toLowerCase()}`,
        });
        expect(await engine.sessions.revokedSince(NOW)).toEqual(expect.arrayContaining(sessions));
      });

      it('and lets no session of them be opened or go on afterwards', async () => {
        const ben = await guest('ben');
        await logIn(ben.id, CREATED, 'of ben');
        await expire();
        expect(await engine.sessions.rotate('of ben', 'next', NOW + HOUR, NOW)).toEqual({
          status: 'unknown',
        });
        const session = { id: newId(), userId: ben.id, createdAt: NOW, expiresAt: NOW + HOUR };
        expect(await engine.sessions.create(session, 'later', null)).toBe(false);
      });

      it('but nobody who has logged in or refreshed meanwhile, nor whoever has a password', async () => {
        const cat = await guest('cat');
        const dan = await guest('dan');
        await logIn(cat.id, NOW - HOUR);
        await logIn(dan.id, CREATED, 'of dan');
        await engine.sessions.rotate('of dan', 'of dan, next', NOW + HOUR, NOW - HOUR);
        expect((await expire()).guests).toBe(0);
        for (const name of ['cat', 'dan', 'host']) expect(await hasName(name)).toBe(true);
      });

      it('so many at a time, those longest away first', async () => {
        for (const [n, name] of ['eva', 'fay', 'gil'].entries()) {
          await guest(name, CREATED + (3 - n) * HOUR);
        }
        expect((await expire(2)).guests).toBe(2);
        expect(await hasName('eva')).toBe(true);
        expect((await expire(2)).guests).toBe(1);
        expect((await expire(2)).guests).toBe(0);
      });

      it('once, of twenty who try at the same time', async () => {
        await guest('hal');
        const gone = await Promise.all(Array.from({ length: 20 }, () => expire()));
        expect(gone.reduce((sum, { guests }) => sum + guests, 0)).toBe(1);
      });

      it('by name, or by what looks like it, and nobody else', async () => {
        await guest('ian');
        await guest('joe');
        const release = (name: string) =>
          engine.guests.release(
            { canonicalName: name, skeleton: `skeleton of ${name}` },
            NOW - 10 * HOUR,
            NOW,
          );
        const skeleton = 'skeleton of ian';
        const other = { canonicalName: '1an', skeleton };
        expect((await engine.guests.release(other, NOW - 10 * HOUR, NOW)).guests).toBe(1);
        expect(await hasName('ian')).toBe(false);
        expect(await hasName('joe')).toBe(true);
        expect((await release('host')).guests).toBe(0);
        expect((await release('nobody')).guests).toBe(0);
        await expire();
      });
    });

    it('keeps what a guest wrote and was written, in every page, under a name that is nobody’s', async () => {
      const kim = await guest('kim');
      await engine.log.append([
        say(kim, 'from kim'),
        whisper(kim, host, 'psst'),
        whisper(host, kim, 'yes?'),
      ]);
      await expire();
      await engine.guests.forget(NOW + HOUR, 100);
      await engine.users.create(account('kim', { passwordHash: null, createdAt: NOW }));

      const deleted = { id: kim.id, username: `deleted-${kim.id}` };
      const room = await engine.log.page(ROOM, { limit: 10 });
      expect(room.map(({ author, body }) => [author, body])).toEqual([[deleted, 'from kim']]);
      const direct = await engine.log.page(directKey(kim.id, host.id), { limit: 10 });
      expect(direct.map(({ author, to }) => [author.id, to?.username])).toEqual([
        [kim.id, 'host'],
        [host.id, deleted.username],
      ]);
      expect(await engine.conversations.directs(host.id, 10)).toMatchObject([{ with: deleted }]);
    });

    describe('forgets', () => {
      it('whoever went and left nothing, with their sessions [S50]', async () => {
        const leo = await guest('leo');
        await logIn(leo.id, CREATED, 'of leo');
        await expire();
        expect(await engine.guests.forget(NOW, 100)).toBe(0);
        expect(await engine.guests.forget(NOW + 1, 100)).toBeGreaterThan(0);
        expect(await engine.users.findById(leo.id)).toBeNull();
      });

      it('nobody who is here, wrote something, or was written something', async () => {
        const [max, ned, oda, pia] = await Promise.all(
          ['max', 'ned', 'oda', 'pia'].map((name) => guest(name)),
        );
        await engine.log.append([say(ned ?? host, 'hello'), whisper(host, oda ?? host, 'hi')]);
        await logIn(pia?.id ?? '', NOW);
        await expire();
        await engine.log.append([say(max ?? host, 'under way when max went')]);
        await engine.guests.forget(NOW + 1, 100);
        for (const one of [max, ned, oda, pia]) {
          expect(await engine.users.findById(one?.id ?? '')).not.toBeNull();
        }
      });

      it('so many at a time', async () => {
        for (const name of ['q1', 'q2', 'q3']) await guest(name);
        await expire();
        expect(await engine.guests.forget(NOW + 1, 2)).toBe(2);
        expect(await engine.guests.forget(NOW + 1, 2)).toBe(1);
        expect(await engine.guests.forget(NOW + 1, 2)).toBe(0);
      });

      it('leaves the database checking that what is written refers to somebody', async () => {
        const nobody = { id: newId(), username: 'nobody' };
        await expect(engine.log.append([say(nobody, 'boo')])).rejects.toMatchObject({
          name: 'Refusal',
        });
      });
    });

    describe('lets a guest leave', () => {
      it('who has no session left and left nothing, and frees the name', async () => {
        const rob = await guest('rob');
        const session = await logIn(rob.id, NOW - HOUR);
        expect(await engine.guests.leave(rob.id, NOW)).toBe(false);
        await engine.sessions.revoke(session, NOW);
        expect(await engine.guests.leave(rob.id, NOW)).toBe(true);
        expect(await engine.guests.leave(rob.id, NOW)).toBe(false);
        expect(await hasName('rob')).toBe(false);
      });

      it('but nobody who wrote or was written something, and nobody with a password', async () => {
        const sam = await guest('sam', NOW);
        const tim = await guest('tim', NOW);
        await engine.log.append([say(sam, 'hello'), whisper(host, tim, 'hi')]);
        for (const { id } of [sam, tim, host]) {
          expect(await engine.guests.leave(id, NOW)).toBe(false);
        }
      });
    });

    it('counts the guests who are there, over a restart too', async () => {
      const before = await engine.guests.count();
      await guest('una', NOW);
      await engine.users.create(account('vic', { passwordHash: PASSWORD_HASH }));
      await engine.reopen();
      expect(await engine.guests.count()).toBe(before + 1);
    });
  });
}
