import { beforeEach, describe, expect, it } from '@jest/globals';
import { directKey } from '../../src/chat/conversations/conversation.js';
import type { DirectSummary, UndeliveredDirect } from '../../src/chat/log/message-store.js';
import type { Person } from '../../src/kernel/person.js';
import { oneTo, ROOM, say, whisper } from './drafts.js';
import type { EngineUnderTest } from './engine-under-test.js';
import { join, visit } from './people.js';
import type { Talk } from './talk.js';

/** All of a list, as whoever pages through it sees it. */
async function inPages<Item>(
  size: number,
  read: (last?: Item) => Promise<readonly Item[]>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (let page = await read(); page.length > 0; page = await read(all.at(-1))) {
    all.push(...page);
    if (page.length < size) break;
  }
  return all;
}

/** One after the other, so that ids follow the order. */
async function inTurn<From, To>(
  items: readonly From[],
  work: (item: From) => Promise<To>,
): Promise<To[]> {
  const done: To[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}

/** Part of the message store's contract: private conversations, and how far each side has them. */
export function directsContract(current: () => Talk): void {
  let engine: EngineUnderTest;
  let alice: Person;
  let bob: Person;

  beforeEach(() => {
    ({ engine, alice, bob } = current());
  });

  describe('directs', () => {
    it('lists whom a person has talked to, latest first, from both sides', async () => {
      const carol = await join(engine, 'Carol');
      await engine.messages.append([
        whisper(alice, bob, 'hi', { time: 1_000 }),
        whisper(carol, alice, 'hi', { time: 2_000 }),
        whisper(alice, carol, 'hello', { time: 3_000 }),
      ]);
      const withCarol = {
        conversation: directKey(alice.id, carol.id),
        with: carol,
        seq: 2,
        delivered: 0,
        time: 3_000,
      };
      const withBob = {
        conversation: directKey(alice.id, bob.id),
        with: bob,
        seq: 1,
        delivered: 0,
        time: 1_000,
      };
      expect(await engine.messages.directs(alice.id, 10)).toEqual([withCarol, withBob]);
      expect(await engine.messages.directs(alice.id, 1)).toEqual([withCarol]);
      expect(await engine.messages.directs(bob.id, 10)).toEqual([{ ...withBob, with: alice }]);
    });

    it('lists no rooms, and nothing for a stranger', async () => {
      await engine.messages.append([say(alice, 'to all')]);
      expect(await engine.messages.directs(alice.id, 10)).toEqual([]);
      expect(await engine.messages.directs('nobody', 10)).toEqual([]);
    });

    it('moves a conversation up when something is said there', async () => {
      const carol = await join(engine, 'Carol');
      await engine.messages.append([
        whisper(alice, bob, 'hi', { time: 1_000 }),
        whisper(alice, carol, 'hi', { time: 2_000 }),
      ]);
      await engine.messages.append([whisper(bob, alice, 'hello', { time: 3_000 })]);
      const list = await engine.messages.directs(alice.id, 10);
      expect(list.map((one) => one.with.username)).toEqual(['Bob', 'Carol']);
    });
  });

  describe('directs, page by page', () => {
    it('go on behind any of them, also among those of the same moment', async () => {
      const others = await Promise.all(oneTo(7).map((n) => join(engine, `Other${n}`)));
      await engine.messages.append(
        others.map((other, index) =>
          whisper(other, alice, 'hi', { time: index < 4 ? 1_000 : 2_000 }),
        ),
      );
      const all = await engine.messages.directs(alice.id, 100);
      expect(all).toHaveLength(7);
      for (const size of [1, 2, 3]) {
        const listed = await inPages(size, async (last?: DirectSummary) =>
          engine.messages.directs(
            alice.id,
            size,
            last && { time: last.time, peerId: last.with.id },
          ),
        );
        expect(listed).toEqual(all);
      }
    });
  });

  describe('undeliveredDirects', () => {
    it('lists what waits: known people first, then accounts, then guests, the older ones first', async () => {
      const guestBefore = await visit(engine, 'GuestBefore');
      const carol = await join(engine, 'Carol');
      const guests = await inTurn(oneTo(4), (n) => visit(engine, `Guest${n}`));
      const dave = await join(engine, 'Dave');
      await engine.messages.append([
        ...[...guests, guestBefore, dave, carol].map((one) => whisper(one, alice, 'hi')),
        whisper(bob, alice, 'long ago'),
      ]);
      await engine.messages.markDelivered([
        { personId: alice.id, conversation: directKey(alice.id, bob.id), seq: 1 },
      ]);
      await engine.messages.append([whisper(bob, alice, 'again')]);
      const all = await engine.messages.undeliveredDirects(alice.id, 100);
      expect(all.map((one) => [one.with.username, one.acquaintance])).toEqual([
        ['Bob', 0],
        ['Carol', 1],
        ['Dave', 1],
        ['GuestBefore', 2],
        ...guests.map(({ username }) => [username, 2]),
      ]);
      expect(all[0]).toMatchObject({ with: bob, seq: 2, delivered: 1 });
      for (const size of [1, 3]) {
        const listed = await inPages(size, async (last?: UndeliveredDirect) =>
          engine.messages.undeliveredDirects(
            alice.id,
            size,
            last && { acquaintance: last.acquaintance, peerId: last.with.id },
          ),
        );
        expect(listed).toEqual(all);
      }
    });

    it('lists nothing that was delivered, no rooms, and nothing for a stranger', async () => {
      await engine.messages.append([say(alice, 'to all'), whisper(alice, bob, 'hi')]);
      const conversation = directKey(alice.id, bob.id);
      await engine.messages.markDelivered([{ personId: bob.id, conversation, seq: 1 }]);
      expect(await engine.messages.undeliveredDirects(bob.id, 10)).toEqual([]);
      expect(await engine.messages.undeliveredDirects('nobody', 10)).toEqual([]);
    });
  });

  describe('delivered marks', () => {
    let conversation: string;

    beforeEach(async () => {
      conversation = directKey(alice.id, bob.id);
      await engine.messages.append(oneTo(5).map((n) => whisper(alice, bob, `number ${n}`)));
    });

    async function delivered(person: Person): Promise<number | undefined> {
      return (await engine.messages.directs(person.id, 1))[0]?.delivered;
    }

    it('move forward and never back', async () => {
      await engine.messages.markDelivered([{ personId: bob.id, conversation, seq: 3 }]);
      expect(await delivered(bob)).toBe(3);
      await engine.messages.markDelivered([{ personId: bob.id, conversation, seq: 2 }]);
      expect(await delivered(bob)).toBe(3);
      await engine.messages.markDelivered([
        { personId: bob.id, conversation, seq: 5 },
        { personId: bob.id, conversation, seq: 4 },
      ]);
      expect(await delivered(bob)).toBe(5);
    });

    it('belong to one person', async () => {
      await engine.messages.markDelivered([{ personId: bob.id, conversation, seq: 3 }]);
      expect(await delivered(alice)).toBe(0);
    });

    it('survive a restart that follows an append', async () => {
      await engine.messages.markDelivered([{ personId: bob.id, conversation, seq: 3 }]);
      await engine.messages.append([say(alice, 'next')]);
      await engine.reopen();
      expect(await delivered(bob)).toBe(3);
    });

    it('mean nothing where there is no such conversation or person', async () => {
      await engine.messages.markDelivered([
        { personId: 'nobody', conversation, seq: 3 },
        { personId: bob.id, conversation: directKey('no', 'body'), seq: 3 },
        { personId: bob.id, conversation: ROOM, seq: 3 },
      ]);
      expect(await delivered(bob)).toBe(0);
    });

    it('take an empty list', async () => {
      await expect(engine.messages.markDelivered([])).resolves.toBeUndefined();
    });
  });
}
