import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Draft, Receipt } from '../../src/chat/log/event.js';
import type { Appended } from '../../src/chat/log/event-log.js';
import type { Person } from '../../src/kernel/person.js';
import { everything, say, stored, whisper } from './drafts.js';
import type { EngineUnderTest } from './engine-under-test.js';
import type { Talk } from './talk.js';

/** Part of the event log's contract: events of any kind, and the two numbers. */
export function eventKindsContract(current: () => Talk): void {
  let engine: EngineUnderTest;
  let alice: Person;
  let bob: Person;

  beforeEach(() => {
    ({ engine, alice, bob } = current());
  });

  /** An event that nobody counts, of a kind that no version has. */
  function wave(target: number | null = null, but: Partial<Draft> = {}): Draft {
    return say(alice, '{"hand":"左"}', { kind: 'wave', target, counts: false, ...but });
  }

  function numbers(appended: readonly Appended[]): (readonly [seq: number, n: number])[] {
    return appended.map((one) => {
      const { seq, n }: Pick<Receipt, 'seq' | 'n'> =
        'receipt' in one ? one.receipt : { seq: 0, n: 0 };
      return [seq, n];
    });
  }

  describe('an event of any kind', () => {
    it('comes back with kind, target and body as they were given', async () => {
      const drafts = [say(alice, 'hello'), wave(1), wave(null, { body: '' })];
      await engine.log.append(drafts);
      const expected = drafts.map((draft, index) => stored(draft, index + 1, 1));
      expect(await everything(engine.log)).toEqual(expected);
      await engine.reopen();
      expect(await everything(engine.log)).toEqual(expected);
    });

    it('takes the next seq, and the next n only where it counts', async () => {
      const first = await engine.log.append([wave(), say(alice, '1'), wave(1), wave(2)]);
      expect(numbers(first)).toEqual([
        [1, 0],
        [2, 1],
        [3, 1],
        [4, 1],
      ]);
      const next = await engine.log.append([say(bob, '2'), say(bob, '3'), wave(), say(bob, '4')]);
      expect(numbers(next)).toEqual([
        [5, 2],
        [6, 3],
        [7, 3],
        [8, 4],
      ]);
      const events = await everything(engine.log);
      expect(events.map(({ n }) => n)).toEqual([0, 1, 1, 1, 2, 3, 3, 4]);
    });

    it('numbers each conversation on its own, n as well as seq', async () => {
      const privately = { kind: 'wave', counts: false };
      const appended = await engine.log.append([
        wave(),
        whisper(alice, bob, 'one'),
        whisper(alice, bob, 'a hand', privately),
        say(bob, 'first to count here'),
        whisper(bob, alice, 'two'),
      ]);
      expect(numbers(appended)).toEqual([
        [1, 0],
        [1, 1],
        [2, 1],
        [2, 1],
        [3, 2],
      ]);
    });

    it('leaves no gap in either number when batches race', async () => {
      const batches = Array.from({ length: 20 }, (_, index) => [
        wave(),
        say(alice, `message ${index}`),
        wave(1),
      ]);
      await Promise.all(batches.map((batch) => engine.log.append(batch)));
      let counted = 0;
      for (const { kind, n } of await everything(engine.log)) {
        if (kind === 'message') counted += 1;
        expect(n).toBe(counted);
      }
      expect(counted).toBe(20);
    });
  });

  describe('a ref of any kind of event', () => {
    it('answers a repetition with both numbers of the first', async () => {
      const draft = wave(null, { ref: 'r1' });
      await engine.log.append([say(alice, 'hello'), draft]);
      const [again] = await engine.log.append([draft]);
      expect(again).toEqual({
        status: 'duplicate',
        receipt: { id: draft.id, seq: 2, n: 1, time: draft.time },
      });
    });

    it.each<[string, Partial<Draft>]>([
      ['another kind', { kind: 'nod' }],
      ['another target', { target: 2 }],
      ['no target', { target: null }],
      ['another body', { body: '{}' }],
    ])('is refused for %s, in a later batch and in the same one', async (_, but) => {
      const draft = wave(1, { ref: 'r1' });
      const other = wave(1, { ref: 'r1', ...but });
      expect(await engine.log.append([draft, other])).toMatchObject([
        { status: 'stored' },
        { status: 'conflict' },
      ]);
      expect(await engine.log.append([other])).toEqual([{ status: 'conflict' }]);
    });
  });
}
