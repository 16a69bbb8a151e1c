import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ConversationKey, directKey, roomKey } from '../../src/chat/conversations/key.js';
import type { Behind, Claim } from '../../src/chat/feed/follower-cursors.js';
import type { Person } from '../../src/kernel/person.js';
import { many, oneTo, ROOM, say, whisper } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { talks } from './talk.js';

const NOW = 1_790_000_000_000;
const LEASE_MS = 15_000;
const NAME = 'search';

/** Up to where a follower has handled each conversation, and who may follow. */
export function followerCursorsContract(open: EngineFactory): void {
  describe('FollowerCursors', () => {
    const current = talks(open);
    let engine: EngineUnderTest;
    let alice: Person;
    let bob: Person;

    beforeEach(() => {
      ({ engine, alice, bob } = current());
    });

    function claimAt(now: number, holder: string, follower = NAME): Promise<Claim | null> {
      return engine.cursors.claim({ follower, holder, now, leaseMs: LEASE_MS });
    }

    async function held(holder = 'one'): Promise<Claim> {
      const claim = await claimAt(NOW, holder);
      if (claim === null) throw new Error('the claim is not given');
      return claim;
    }

    /** All of a round, in the order of the heads: that of the conversations is the engine's own. */
    async function allBehind(follower = NAME): Promise<Behind[]> {
      const all: Behind[] = [];
      for (let after: number | null = 0; after !== null;) {
        const { items, next } = await engine.cursors.behind(follower, after);
        all.push(...items);
        after = next;
      }
      return all.sort((one, other) => other.head - one.head);
    }

    async function move(
      claim: Claim,
      from: number,
      to: number,
      conversation: ConversationKey = ROOM,
    ): Promise<boolean> {
      const moved = await engine.cursors.advance(claim, [{ conversation, from, to }]);
      return moved.has(conversation);
    }

    describe('a follower', () => {
      it('that takes all from the first event on is behind wherever something was said', async () => {
        await engine.log.append([...many(alice, 3), whisper(alice, bob, 'hi')]);
        await engine.cursors.register(NAME, 'first');
        expect(await allBehind()).toEqual([
          { conversation: ROOM, position: 0, head: 3 },
          { conversation: directKey(alice.id, bob.id), position: 0, head: 1 },
        ]);
      });

      it('that begins with what comes next is behind nowhere until something comes', async () => {
        await engine.log.append(many(alice, 3));
        await engine.cursors.register(NAME, 'next');
        expect(await allBehind()).toEqual([]);
        await engine.log.append([say(alice, 'later'), whisper(alice, bob, 'a new conversation')]);
        expect(await allBehind()).toEqual([
          { conversation: ROOM, position: 3, head: 4 },
          { conversation: directKey(alice.id, bob.id), position: 0, head: 1 },
        ]);
      });

      it('stays where it is when it is registered again', async () => {
        await engine.cursors.register(NAME, 'first');
        await engine.log.append(many(alice, 3));
        const claim = await held();
        await move(claim, 0, 2);
        await engine.cursors.register(NAME, 'next');
        expect(await engine.cursors.position(NAME, ROOM)).toBe(2);
        expect(await held()).toEqual(claim);
      });

      it('is found behind in more conversations than one page looks at', async () => {
        await engine.cursors.register(NAME, 'first');
        const rooms = oneTo(2_500).map((n) => roomKey(`room ${n}`));
        await engine.log.append(rooms.map((conversation) => say(alice, 'hi', { conversation })));
        const found = await allBehind();
        expect(found.map(({ conversation }) => conversation).sort()).toEqual(rooms.sort());
        await engine.cursors.register('another', 'next');
        expect(await allBehind('another')).toEqual([]);
      });

      it('has cursors of its own', async () => {
        await engine.log.append(many(alice, 3));
        for (const name of [NAME, 'another']) await engine.cursors.register(name, 'first');
        await move(await held(), 0, 3);
        expect(await engine.cursors.position('another', ROOM)).toBe(0);
        expect(await claimAt(NOW, 'two', 'another')).not.toBeNull();
      });

      it('begins anew when it was reset, under another claim', async () => {
        await engine.log.append([...many(alice, 3), whisper(alice, bob, 'hi')]);
        await engine.cursors.register(NAME, 'first');
        await engine.cursors.register('other', 'next');
        const claim = await held();
        await move(claim, 0, 3);
        await engine.cursors.reset(NAME);
        expect((await allBehind()).map(({ position }) => position)).toEqual([0, 0]);
        expect(await allBehind('other')).toEqual([]);
        expect(await move(claim, 0, 2)).toBe(false);
        const next = await held();
        expect(next.epoch).toBeGreaterThan(claim.epoch);
        expect(await move(next, 0, 3)).toBe(true);
      });

      it('is gone when it was removed, with its claim and its cursors', async () => {
        await engine.log.append(many(alice, 3));
        await engine.cursors.register(NAME, 'first');
        const claim = await held();
        await move(claim, 0, 2);
        await engine.cursors.remove(NAME);
        expect(await move(claim, 2, 3)).toBe(false);
        expect(await move(claim, 0, 3)).toBe(false);
        expect(await claimAt(NOW, 'one')).toBeNull();
        await engine.cursors.register(NAME, 'first');
        expect(await engine.cursors.position(NAME, ROOM)).toBe(0);
        await engine.cursors.remove('never registered');
      });
    });

    describe('a claim', () => {
      beforeEach(() => engine.cursors.register(NAME, 'first'));

      it('is given to one holder, and again to the same', async () => {
        const claim = await held();
        expect(await claimAt(NOW + 1, 'two')).toBeNull();
        expect(await claimAt(NOW + 1, 'one')).toEqual(claim);
        expect(await claimAt(NOW, 'one', 'unknown')).toBeNull();
      });

      it('is given to one of many who ask at once', async () => {
        const holders = oneTo(10).map((n) => `holder ${n}`);
        const given = await Promise.all(holders.map((holder) => claimAt(NOW, holder)));
        expect(given.filter((claim) => claim !== null)).toHaveLength(1);
      });

      it('passes on when its lease is over, and each renewal makes the lease longer', async () => {
        const claim = await held();
        await claimAt(NOW + 10_000, 'one');
        expect(await claimAt(NOW + LEASE_MS, 'two')).toBeNull();
        const next = await claimAt(NOW + 10_000 + LEASE_MS, 'two');
        expect(next?.epoch).toBeGreaterThan(claim.epoch);
        expect(await claimAt(NOW + 10_000 + LEASE_MS, 'one')).toBeNull();
      });

      it('passes on at once when it was given up, unless it has passed on before', async () => {
        const claim = await held();
        await engine.cursors.release(claim);
        const next = await held('two');
        expect(next.epoch).toBeGreaterThan(claim.epoch);
        await engine.cursors.release(claim);
        expect(await claimAt(NOW, 'one')).toBeNull();
      });

      it('does not last longer because a clock was wrong [F11]', async () => {
        await claimAt(NOW + 3_600_000, 'of the future');
        expect(await claimAt(NOW, 'one')).not.toBeNull();
      });
    });

    describe('a cursor', () => {
      beforeEach(async () => {
        await engine.cursors.register(NAME, 'first');
        await engine.log.append(many(alice, 10));
      });

      it('moves from where it stands, and not from elsewhere', async () => {
        const claim = await held();
        expect(await move(claim, 0, 4)).toBe(true);
        expect(await move(claim, 0, 5)).toBe(false);
        expect(await move(claim, 3, 5)).toBe(false);
        expect(await move(claim, 4, 7)).toBe(true);
        expect(await engine.cursors.position(NAME, ROOM)).toBe(7);
        expect(await allBehind()).toEqual([{ conversation: ROOM, position: 7, head: 10 }]);
        await move(claim, 7, 10);
        expect(await allBehind()).toEqual([]);
      });

      it('moves in many conversations at once, each on its own', async () => {
        const rooms = oneTo(100).map((n) => roomKey(`room ${n}`));
        await engine.log.append(rooms.map((conversation) => say(alice, 'hi', { conversation })));
        const claim = await held();
        const advances = rooms.map((conversation, index) => ({
          conversation,
          from: index === 7 ? 1 : 0,
          to: 1,
        }));
        const moved = await engine.cursors.advance(claim, advances);
        expect(moved).toEqual(new Set(rooms.filter((_, index) => index !== 7)));
        expect(await engine.cursors.advance(claim, [])).toEqual(new Set());
      });

      it('is not moved by whose claim has passed on', async () => {
        const claim = await held();
        await move(claim, 0, 2);
        await claimAt(NOW + LEASE_MS, 'two');
        expect(await move(claim, 2, 5)).toBe(false);
        expect(await engine.cursors.position(NAME, ROOM)).toBe(2);
      });

      it('is not moved in a conversation that there is not', async () => {
        expect(await move(await held(), 0, 1, roomKey('nowhere'))).toBe(false);
        expect(await engine.cursors.position(NAME, roomKey('nowhere'))).toBe(0);
      });

      it('is set back and forward, but not behind the head', async () => {
        const claim = await held();
        await move(claim, 0, 8);
        await engine.cursors.rewind(NAME, ROOM, 3);
        expect(await move(claim, 8, 9)).toBe(false);
        expect(await allBehind()).toEqual([{ conversation: ROOM, position: 3, head: 10 }]);
        await engine.cursors.rewind(NAME, ROOM, 99);
        expect(await engine.cursors.position(NAME, ROOM)).toBe(10);
        await engine.cursors.rewind(NAME, ROOM, 0);
        expect(await move(claim, 0, 1)).toBe(true);
        await engine.cursors.rewind('unknown', ROOM, 1);
        await engine.cursors.rewind(NAME, roomKey('nowhere'), 1);
      });

      it('survives a restart that follows an append', async () => {
        await move(await held(), 0, 6);
        await engine.log.append([say(alice, 'next')]);
        await engine.reopen();
        expect(await allBehind()).toEqual([{ conversation: ROOM, position: 6, head: 11 }]);
      });
    });
  });
}
