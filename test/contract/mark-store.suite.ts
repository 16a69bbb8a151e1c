import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ConversationKey, directKey } from '../../src/chat/conversations/key.js';
import type { UndeliveredDirect } from '../../src/chat/marks/mark-store.js';
import type { Person } from '../../src/kernel/person.js';
import { oneTo, ROOM, say, whisper } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { inPages } from './paging.js';
import { join, visit } from './people.js';
import { talks } from './talk.js';

/** One after the other, so that ids follow the order. */
async function inTurn<From, To>(
  items: readonly From[],
  work: (item: From) => Promise<To>,
): Promise<To[]> {
  const done: To[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}

/** Up to where each side of a private conversation has it, and what waits for whom. */
export function markStoreContract(open: EngineFactory): void {
  describe('MarkStore', () => {
    const current = talks(open);
    let engine: EngineUnderTest;
    let alice: Person;
    let bob: Person;

    beforeEach(() => {
      ({ engine, alice, bob } = current());
    });

    describe('undelivered', () => {
      it('names those for whom something waits: each side of a private conversation', async () => {
        const carol = await join(engine, 'Carol');
        await engine.log.append([say(alice, 'to all'), whisper(alice, bob, 'hi')]);
        const people = [alice.id, bob.id, carol.id, 'nobody'];
        expect(await engine.marks.undelivered(people)).toEqual(new Set([alice.id, bob.id]));
        const conversation = directKey(alice.id, bob.id);
        await engine.marks.markDelivered([{ personId: bob.id, conversation, seq: 1 }]);
        expect(await engine.marks.undelivered(people)).toEqual(new Set([alice.id]));
        await engine.log.append([whisper(carol, bob, 'hello')]);
        expect(await engine.marks.undelivered([bob.id])).toEqual(new Set([bob.id]));
      });

      it('asks for five hundred people at once', async () => {
        await engine.log.append([whisper(alice, bob, 'hi')]);
        const strangers = oneTo(499).map((n) => `stranger ${n}`);
        const found = await engine.marks.undelivered([...strangers, bob.id]);
        expect(found).toEqual(new Set([bob.id]));
      });
    });

    describe('undeliveredDirects', () => {
      it('lists what waits: known people first, then accounts, then guests, the older ones first', async () => {
        const guestBefore = await visit(engine, 'GuestBefore');
        const carol = await join(engine, 'Carol');
        const guests = await inTurn(oneTo(4), (n) => visit(engine, `Guest${n}`));
        const dave = await join(engine, 'Dave');
        await engine.log.append([
          ...[...guests, guestBefore, dave, carol].map((one) => whisper(one, alice, 'hi')),
          whisper(bob, alice, 'long ago'),
        ]);
        await engine.marks.markDelivered([
          { personId: alice.id, conversation: directKey(alice.id, bob.id), seq: 1 },
        ]);
        await engine.log.append([whisper(bob, alice, 'again')]);
        const all = await engine.marks.undeliveredDirects(alice.id, 100);
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
            engine.marks.undeliveredDirects(
              alice.id,
              size,
              last && { acquaintance: last.acquaintance, peerId: last.with.id },
            ),
          );
          expect(listed).toEqual(all);
        }
      });

      it('lists nothing that was delivered, no rooms, and nothing for a stranger', async () => {
        await engine.log.append([say(alice, 'to all'), whisper(alice, bob, 'hi')]);
        const conversation = directKey(alice.id, bob.id);
        await engine.marks.markDelivered([{ personId: bob.id, conversation, seq: 1 }]);
        expect(await engine.marks.undeliveredDirects(bob.id, 10)).toEqual([]);
        expect(await engine.marks.undeliveredDirects('nobody', 10)).toEqual([]);
      });
    });

    describe('delivered marks', () => {
      let conversation: ConversationKey;

      beforeEach(async () => {
        conversation = directKey(alice.id, bob.id);
        await engine.log.append(oneTo(5).map((n) => whisper(alice, bob, `number ${n}`)));
      });

      async function delivered(person: Person): Promise<number | undefined> {
        return (await engine.conversations.directs(person.id, 1))[0]?.delivered;
      }

      it('move forward and never back', async () => {
        await engine.marks.markDelivered([{ personId: bob.id, conversation, seq: 3 }]);
        expect(await delivered(bob)).toBe(3);
        await engine.marks.markDelivered([{ personId: bob.id, conversation, seq: 2 }]);
        expect(await delivered(bob)).toBe(3);
        await engine.marks.markDelivered([
          { personId: bob.id, conversation, seq: 5 },
          { personId: bob.id, conversation, seq: 4 },
        ]);
        expect(await delivered(bob)).toBe(5);
      });

      it('belong to one person', async () => {
        await engine.marks.markDelivered([{ personId: bob.id, conversation, seq: 3 }]);
        expect(await delivered(alice)).toBe(0);
      });

      it('survive a restart that follows an append', async () => {
        await engine.marks.markDelivered([{ personId: bob.id, conversation, seq: 3 }]);
        await engine.log.append([say(alice, 'next')]);
        await engine.reopen();
        expect(await delivered(bob)).toBe(3);
      });

      it('mean nothing where there is no such conversation or person', async () => {
        await engine.marks.markDelivered([
          { personId: 'nobody', conversation, seq: 3 },
          { personId: bob.id, conversation: directKey('no', 'body'), seq: 3 },
          { personId: bob.id, conversation: ROOM, seq: 3 },
        ]);
        expect(await delivered(bob)).toBe(0);
      });

      it('take an empty list', async () => {
        await expect(engine.marks.markDelivered([])).resolves.toBeUndefined();
      });
    });
  });
}
