import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DirectSummary } from '../../src/chat/conversations/conversation-store.js';
import { directKey } from '../../src/chat/conversations/key.js';
import type { Person } from '../../src/kernel/person.js';
import { oneTo, say, whisper } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { inPages } from './paging.js';
import { join, newId } from './people.js';
import { talks } from './talk.js';

/** Who talks with whom. */
export function conversationStoreContract(open: EngineFactory): void {
  describe('ConversationStore', () => {
    const current = talks(open);
    let engine: EngineUnderTest;
    let alice: Person;
    let bob: Person;

    beforeEach(() => {
      ({ engine, alice, bob } = current());
    });

    describe('directs', () => {
      it('lists whom a person has talked to, latest first, from both sides', async () => {
        const carol = await join(engine, 'Carol');
        await engine.log.append([
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
        expect(await engine.conversations.directs(alice.id, 10)).toEqual([withCarol, withBob]);
        expect(await engine.conversations.directs(alice.id, 1)).toEqual([withCarol]);
        expect(await engine.conversations.directs(bob.id, 10)).toEqual([
          { ...withBob, with: alice },
        ]);
      });

      it('lists no rooms, and nothing for a stranger', async () => {
        await engine.log.append([say(alice, 'to all')]);
        expect(await engine.conversations.directs(alice.id, 10)).toEqual([]);
        expect(await engine.conversations.directs('nobody', 10)).toEqual([]);
      });

      it('moves a conversation up when something is said there', async () => {
        const carol = await join(engine, 'Carol');
        await engine.log.append([
          whisper(alice, bob, 'hi', { time: 1_000 }),
          whisper(alice, carol, 'hi', { time: 2_000 }),
        ]);
        await engine.log.append([whisper(bob, alice, 'hello', { time: 3_000 })]);
        const list = await engine.conversations.directs(alice.id, 10);
        expect(list.map((one) => one.with.username)).toEqual(['Bob', 'Carol']);
      });
    });

    describe('directs, page by page', () => {
      it('go on behind any of them, also among those of the same moment', async () => {
        const others = await Promise.all(oneTo(7).map((n) => join(engine, `Other${n}`)));
        await engine.log.append(
          others.map((other, index) =>
            whisper(other, alice, 'hi', { time: index < 4 ? 1_000 : 2_000 }),
          ),
        );
        const all = await engine.conversations.directs(alice.id, 100);
        expect(all).toHaveLength(7);
        for (const size of [1, 2, 3]) {
          const listed = await inPages(size, async (last?: DirectSummary) =>
            engine.conversations.directs(
              alice.id,
              size,
              last && { time: last.time, peerId: last.with.id },
            ),
          );
          expect(listed).toEqual(all);
        }
      });
    });

    describe('activeDirects', () => {
      it('says how far the private conversations of several people have come lately', async () => {
        const carol = await join(engine, 'Carol');
        await engine.log.append([
          whisper(alice, bob, 'old', { time: 1_000 }),
          whisper(bob, carol, 'one', { time: 2_000 }),
          whisper(carol, bob, 'two', { time: 3_000 }),
          whisper(alice, carol, 'of others', { time: 4_000 }),
          say(bob, 'in a room', { time: 5_000 }),
        ]);
        const withCarol = { conversation: directKey(bob.id, carol.id), seq: 2, time: 3_000 };
        const withAlice = { conversation: directKey(alice.id, bob.id), seq: 1, time: 1_000 };
        expect(await engine.conversations.activeDirects([bob.id], 3_000)).toEqual([withCarol]);
        expect(await engine.conversations.activeDirects([bob.id], 3_001)).toEqual([]);
        const both = await engine.conversations.activeDirects([bob.id, bob.id], 0);
        expect(both).toHaveLength(2);
        expect(both).toEqual(expect.arrayContaining([withAlice, withCarol]));
      });

      it('names a conversation once of which both people are asked for, among a thousand', async () => {
        await engine.log.append([whisper(alice, bob, 'one')]);
        const strangers = Array.from({ length: 998 }, () => newId());
        const active = await engine.conversations.activeDirects(
          [alice.id, bob.id, ...strangers],
          0,
        );
        expect(active).toMatchObject([{ conversation: directKey(alice.id, bob.id), seq: 1 }]);
      });
    });
  });
}
