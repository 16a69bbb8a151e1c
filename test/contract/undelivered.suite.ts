import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { directKey } from '../../src/chat/conversations/conversation.js';
import type { Person } from '../../src/kernel/person.js';
import { oneTo, say, whisper } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { join } from './people.js';

export function undeliveredContract(open: EngineFactory): void {
  describe('MessageStore.undelivered', () => {
    let engine: EngineUnderTest;
    let alice: Person;
    let bob: Person;

    beforeEach(async () => {
      engine = await open();
      alice = await join(engine, 'Alice');
      bob = await join(engine, 'Bob');
    });

    afterEach(() => engine.dispose());

    it('names those for whom something waits: each side of a private conversation', async () => {
      const carol = await join(engine, 'Carol');
      await engine.messages.append([say(alice, 'to all'), whisper(alice, bob, 'hi')]);
      const people = [alice.id, bob.id, carol.id, 'nobody'];
      expect(await engine.messages.undelivered(people)).toEqual(new Set([alice.id, bob.id]));
      const conversation = directKey(alice.id, bob.id);
      await engine.messages.markDelivered([{ personId: bob.id, conversation, seq: 1 }]);
      expect(await engine.messages.undelivered(people)).toEqual(new Set([alice.id]));
      await engine.messages.append([whisper(carol, bob, 'hello')]);
      expect(await engine.messages.undelivered([bob.id])).toEqual(new Set([bob.id]));
    });

    it('asks for five hundred people at once', async () => {
      await engine.messages.append([whisper(alice, bob, 'hi')]);
      const strangers = oneTo(499).map((n) => `stranger ${n}`);
      const found = await engine.messages.undelivered([...strangers, bob.id]);
      expect(found).toEqual(new Set([bob.id]));
    });
  });
}
