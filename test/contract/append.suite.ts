import { beforeEach, describe, expect, it } from '@jest/globals';
import { roomKey } from '../../src/chat/conversations/key.js';
import type { Person } from '../../src/kernel/person.js';
import { Refusal } from '../../src/kernel/refusal.js';
import { everything, many, oneTo, ROOM, say, seqOf, stored, whisper } from './drafts.js';
import type { EngineUnderTest } from './engine-under-test.js';
import { newId } from './people.js';
import type { Talk } from './talk.js';

/** Part of the event log's contract: what is stored, and under which numbers. */
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
      expect(await engine.log.append(batch)).toEqual(
        batch.map(({ id, time }, index) => ({
          status: 'stored',
          receipt: { id, seq: index + 1, n: index + 1, time },
        })),
      );
    });

    it('numbers each conversation of a batch on its own', async () => {
      const other = roomKey('another');
      const appended = await engine.log.append([
        say(alice, 'one'),
        say(alice, 'one', { conversation: other }),
        say(bob, 'two'),
        whisper(alice, bob, 'one'),
        say(bob, 'two', { conversation: other }),
      ]);
      expect(appended.map(seqOf)).toEqual([1, 1, 2, 1, 2]);
    });

    it('goes on where the last batch ended', async () => {
      await engine.log.append(many(alice, 3));
      const appended = await engine.log.append(many(bob, 2));
      expect(appended.map(seqOf)).toEqual([4, 5]);
    });

    it('leaves no gap and no number twice when batches race', async () => {
      const batches = Array.from({ length: 40 }, () => many(alice, 25));
      const appended = await Promise.all(batches.map((one) => engine.log.append(one)));
      const seqs = appended.map((batch) => batch.map(seqOf));
      expect(seqs.flat().sort((one, other) => one - other)).toEqual(oneTo(1_000));
      for (const batch of seqs) expect(batch).toEqual([...batch].sort((a, b) => a - b));
      expect((await everything(engine.log)).map((event) => event.seq)).toEqual(oneTo(1_000));
    });

    it('takes an empty batch', async () => {
      expect(await engine.log.append([])).toEqual([]);
    });

    it('can be tried without storing anything that anybody sees', async () => {
      await engine.log.proveWritable();
      await engine.log.proveWritable();
      expect(await engine.log.heads([ROOM])).toEqual(new Map([[ROOM, 0]]));
    });

    it('takes a batch of thousands', async () => {
      const appended = await engine.log.append(many(alice, 5_000));
      expect(appended.map(seqOf)).toEqual(oneTo(5_000));
    });

    it('stores nothing of a batch that fails, and goes on without a gap', async () => {
      const stranger = { id: newId(), username: 'nobody' };
      await engine.log.append([say(alice, 'before')]);
      const failing = [
        say(alice, 'lost', { ref: 'lost' }),
        whisper(alice, bob, 'lost'),
        say(stranger, 'has no account'),
      ];
      await expect(engine.log.append(failing)).rejects.toBeInstanceOf(Refusal);
      expect((await everything(engine.log)).map((event) => event.body)).toEqual(['before']);
      expect(await engine.conversations.directs(alice.id, 10)).toEqual([]);
      const appended = await engine.log.append([say(alice, 'after', { ref: 'lost' })]);
      expect(appended).toMatchObject([{ status: 'stored', receipt: { seq: 2 } }]);
    });

    it('stores a batch beside one that fails', async () => {
      const stranger = { id: newId(), username: 'nobody' };
      const results = await Promise.allSettled([
        engine.log.append(many(alice, 10)),
        engine.log.append([say(stranger, 'has no account')]),
        engine.log.append(many(bob, 10)),
      ]);
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      const events = await everything(engine.log);
      expect(events.map((event) => event.seq)).toEqual(oneTo(20));
    });

    it('keeps everything over a restart, and goes on with the next number', async () => {
      const batch = many(alice, 3);
      await engine.log.append(batch);
      await engine.reopen();
      expect(await everything(engine.log)).toEqual(
        batch.map((draft, index) => stored(draft, index + 1)),
      );
      expect((await engine.log.append([say(bob, 'next')])).map(seqOf)).toEqual([4]);
    });
  });
}
