import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Person } from '../../src/kernel/person.js';
import { everything, oneTo, say, seqOf, whisper } from './drafts.js';
import type { EngineUnderTest } from './engine-under-test.js';
import type { Talk } from './talk.js';

/** Part of the event log's contract: what is sent twice. */
export function refContract(current: () => Talk): void {
  let engine: EngineUnderTest;
  let alice: Person;
  let bob: Person;

  beforeEach(() => {
    ({ engine, alice, bob } = current());
  });

  describe('a ref', () => {
    it('makes a draft of a later batch a duplicate with the first receipt', async () => {
      const first = say(alice, 'hello', { ref: 'r1' });
      const [original] = await engine.log.append([first]);
      const again = say(alice, 'hello', { ref: 'r1', time: first.time + 5_000 });
      expect(await engine.log.append([again, say(bob, 'next')])).toMatchObject([
        { status: 'duplicate', receipt: seqOf(original) && { id: first.id, time: first.time } },
        { status: 'stored', receipt: { seq: 2 } },
      ]);
      expect(await everything(engine.log)).toHaveLength(2);
    });

    it('makes a draft of the same batch a duplicate with the first receipt', async () => {
      const first = say(alice, 'hello', { ref: 'r1' });
      const receipt = { id: first.id, seq: 1, n: 1, time: first.time };
      expect(
        await engine.log.append([
          first,
          say(alice, 'hello', { ref: 'r1' }),
          say(alice, 'next', { ref: 'r2' }),
          say(alice, 'hello', { ref: 'r1' }),
        ]),
      ).toMatchObject([
        { status: 'stored', receipt },
        { status: 'duplicate', receipt },
        { status: 'stored', receipt: { seq: 2 } },
        { status: 'duplicate', receipt },
      ]);
    });

    it('conflicts where it stood for another text, in the same batch or later [S42]', async () => {
      const changed = say(alice, 'changed', { ref: 'r1' });
      expect(await engine.log.append([say(alice, 'hello', { ref: 'r1' }), changed])).toMatchObject([
        { status: 'stored' },
        { status: 'conflict' },
      ]);
      expect(await engine.log.append([changed])).toEqual([{ status: 'conflict' }]);
      expect((await everything(engine.log)).map((event) => event.body)).toEqual(['hello']);
    });

    it('conflicts where it stood for another conversation, which is not begun by it', async () => {
      await engine.log.append([say(alice, 'hello', { ref: 'r1' })]);
      const elsewhere = whisper(alice, bob, 'hello', { ref: 'r1' });
      expect(await engine.log.append([elsewhere])).toEqual([{ status: 'conflict' }]);
      expect(await engine.conversations.directs(bob.id, 10)).toEqual([]);
    });

    it('belongs to its author alone', async () => {
      const appended = await engine.log.append([
        say(alice, 'hello', { ref: 'r1' }),
        say(bob, 'hello', { ref: 'r1' }),
      ]);
      expect(appended.map(({ status }) => status)).toEqual(['stored', 'stored']);
    });

    it('is compared letter for letter [S32]', async () => {
      const refs = ['r', 'R', 'r ', '%', '_', "'", '1', '01', '１'];
      const appended = await engine.log.append(refs.map((ref) => say(alice, 'hello', { ref })));
      expect(appended.map(({ status }) => status)).toEqual(refs.map(() => 'stored'));
    });

    it('stores once what fifty send at once [F15]', async () => {
      const appended = await Promise.all(
        oneTo(50).map(() => engine.log.append([say(alice, 'hello', { ref: 'r1' })])),
      );
      const outcomes = appended.flat();
      expect(outcomes.filter(({ status }) => status === 'stored')).toHaveLength(1);
      expect(new Set(outcomes.map(seqOf))).toEqual(new Set([1]));
      expect(await everything(engine.log)).toHaveLength(1);
    });

    it('is remembered over a restart', async () => {
      const draft = say(alice, 'hello', { ref: 'r1' });
      await engine.log.append([draft]);
      await engine.reopen();
      expect(await engine.log.append([draft])).toMatchObject([
        { status: 'duplicate', receipt: { seq: 1 } },
      ]);
    });
  });
}
