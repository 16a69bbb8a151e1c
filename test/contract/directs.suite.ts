import { beforeEach, describe, expect, it } from '@jest/globals';
import { directKey } from '../../src/chat/conversation.js';
import type { Person } from '../../src/kernel/person.js';
import { oneTo, ROOM, say, whisper } from './drafts.js';
import type { EngineUnderTest } from './engine-under-test.js';
import { join } from './people.js';
import type { Talk } from './talk.js';

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
