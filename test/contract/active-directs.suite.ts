import { describe, expect, it } from '@jest/globals';
import { directKey } from '../../src/chat/conversations/conversation.js';
import { say, whisper } from './drafts.js';
import type { EngineUnderTest } from './engine-under-test.js';
import { join, newId } from './people.js';

/** Part of the message store's contract. @param current the engine of the test that runs */
export function activeDirectsContract(current: () => EngineUnderTest): void {
  describe('activeDirects', () => {
    it('says how far the private conversations of several people have come lately', async () => {
      const engine = current();
      const [alice, bob] = [await join(engine, 'Ann'), await join(engine, 'Ben')];
      const carol = await join(engine, 'Carol');
      await engine.messages.append([
        whisper(alice, bob, 'old', { time: 1_000 }),
        whisper(bob, carol, 'one', { time: 2_000 }),
        whisper(carol, bob, 'two', { time: 3_000 }),
        whisper(alice, carol, 'of others', { time: 4_000 }),
        say(bob, 'in a room', { time: 5_000 }),
      ]);
      const withCarol = { conversation: directKey(bob.id, carol.id), seq: 2, time: 3_000 };
      const withAlice = { conversation: directKey(alice.id, bob.id), seq: 1, time: 1_000 };
      expect(await engine.messages.activeDirects([bob.id], 3_000)).toEqual([withCarol]);
      expect(await engine.messages.activeDirects([bob.id], 3_001)).toEqual([]);
      const both = await engine.messages.activeDirects([bob.id, bob.id], 0);
      expect(both).toHaveLength(2);
      expect(both).toEqual(expect.arrayContaining([withAlice, withCarol]));
    });

    it('names a conversation once of which both people are asked for, among a thousand', async () => {
      const engine = current();
      const [alice, bob] = [await join(engine, 'Ann'), await join(engine, 'Ben')];
      await engine.messages.append([whisper(alice, bob, 'one')]);
      const strangers = Array.from({ length: 998 }, () => newId());
      const active = await engine.messages.activeDirects([alice.id, bob.id, ...strangers], 0);
      expect(active).toMatchObject([{ conversation: directKey(alice.id, bob.id), seq: 1 }]);
    });
  });
}
