import { beforeEach, describe, expect, it } from '@jest/globals';
import { roomKey } from '../../src/chat/conversations/conversation.js';
import type { Person } from '../../src/kernel/person.js';
import { Refusal } from '../../src/kernel/refusal.js';
import { everything, many, oneTo, ROOM, say, seqOf, stored, whisper } from './drafts.js';
import type { EngineUnderTest } from './engine-under-test.js';
import { newId } from './people.js';
import type { Talk } from './talk.js';

/** Part of the message store's contract: what is stored, and under which numbers. */
export function appendContract(current: () => Talk): void {
  let engine: EngineUnderTest;
  let alice: Person;
  let bob: Person;

  beforeEach(() => {
    ({ engine, alice, bob } = current());
  });

  describe('append', () => {
    it('numbers a conversation from 1, in the order of the batch', async () => {
      const batch = many(alice, 3);
      expect(await engine.messages.append(batch)).toEqual(
        batch.map(({ id, time }, index) => ({
          status: 'stored',
          receipt: { id, seq: index + 1, time },
        })),
      );
    });

    it('numbers each conversation of a batch on its own', async () => {
      const other = roomKey('another');
      const appended = await engine.messages.append([
        say(alice, 'one'),
        say(alice, 'one', { conversation: other }),
        say(bob, 'two'),
        whisper(alice, bob, 'one'),
        say(bob, 'two', { conversation: other }),
      ]);
      expect(appended.map(seqOf)).toEqual([1, 1, 2, 1, 2]);
    });

    it('goes on where the last batch ended', async () => {
      await engine.messages.append(many(alice, 3));
      const appended = await engine.messages.append(many(bob, 2));
      expect(appended.map(seqOf)).toEqual([4, 5]);
    });

    it('leaves no gap and no number twice when batches race', async () => {
      const batches = Array.from({ length: 40 }, () => many(alice, 25));
      const appended = await Promise.all(batches.map((one) => engine.messages.append(one)));
      const seqs = appended.map((batch) => batch.map(seqOf));
      expect(seqs.flat().sort((one, other) => one - other)).toEqual(oneTo(1_000));
      for (const batch of seqs) expect(batch).toEqual([...batch].sort((a, b) => a - b));
      expect((await everything(engine.messages)).map((event) => event.seq)).toEqual(oneTo(1_000));
    });

    it('takes an empty batch', async () => {
      expect(await engine.messages.append([])).toEqual([]);
    });

    it('can be tried without storing anything that anybody sees', async () => {
      await engine.messages.proveWritable();
      await engine.messages.proveWritable();
      expect(await engine.messages.heads([ROOM])).toEqual(new Map([[ROOM, 0]]));
    });

    it('takes a batch of thousands', async () => {
      const appended = await engine.messages.append(many(alice, 5_000));
      expect(appended.map(seqOf)).toEqual(oneTo(5_000));
    });

    it('stores nothing of a batch that fails, and goes on without a gap', async () => {
      const stranger = { id: newId(), username: 'nobody' };
      await engine.messages.append([say(alice, 'before')]);
      const failing = [
        say(alice, 'lost', { ref: 'lost' }),
        whisper(alice, bob, 'lost'),
        say(stranger, 'has no account'),
      ];
      await expect(engine.messages.append(failing)).rejects.toBeInstanceOf(Refusal);
      expect((await everything(engine.messages)).map((event) => event.text)).toEqual(['before']);
      expect(await engine.messages.directs(alice.id, 10)).toEqual([]);
      const appended = await engine.messages.append([say(alice, 'after', { ref: 'lost' })]);
      expect(appended).toMatchObject([{ status: 'stored', receipt: { seq: 2 } }]);
    });

    it('stores a batch beside one that fails', async () => {
      const stranger = { id: newId(), username: 'nobody' };
      const results = await Promise.allSettled([
        engine.messages.append(many(alice, 10)),
        engine.messages.append([say(stranger, 'has no account')]),
        engine.messages.append(many(bob, 10)),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      const events = await everything(engine.messages);
      expect(events.map((event) => event.seq)).toEqual(oneTo(20));
    });

    it('keeps everything over a restart, and goes on with the next number', async () => {
      const batch = many(alice, 3);
      await engine.messages.append(batch);
      await engine.reopen();
      expect(await everything(engine.messages)).toEqual(
        batch.map((draft, index) => stored(draft, index + 1)),
      );
      expect((await engine.messages.append([say(bob, 'next')])).map(seqOf)).toEqual([4]);
    });
  });
}
