import { beforeEach, describe, expect, it } from '@jest/globals';
import { directKey, roomKey } from '../../src/chat/conversations/key.js';
import type { Draft } from '../../src/chat/log/event.js';
import type { Person } from '../../src/kernel/person.js';
import { everything, many, oneTo, ROOM, say, stored, whisper } from './drafts.js';
import type { EngineUnderTest } from './engine-under-test.js';
import type { Talk } from './talk.js';

/** Part of the event log's contract: what was said comes back. */
export function logContract(current: () => Talk): void {
  let engine: EngineUnderTest;
  let alice: Person;
  let bob: Person;

  beforeEach(() => {
    ({ engine, alice, bob } = current());
  });

  describe('what was said', () => {
    it.each([
      ['SQL', "'); drop table events; --"],
      ['patterns', '%_\\%'],
      ['parameters', '? ?1 :a @b $c {d}'],
      ['quotes', `"'\`\\`],
      ['other scripts', '你好，世界 — שלום — مرحبا'],
      ['letters of two units', '👩‍👩‍👧‍👦 𝒳'],
      ['what JSON must escape', '\u2028\u2029\b\n\r\t'],
      ['nothing', ''],
      ['a lot', '长'.repeat(4_000)],
    ])('comes back as it was: %s [S32]', async (_what, text) => {
      const draft = say(alice, text, { ref: 'r1' });
      await engine.log.append([draft]);
      expect(await everything(engine.log)).toEqual([stored(draft, 1)]);
      expect(await engine.log.append([draft])).toMatchObject([{ status: 'duplicate' }]);
    });

    it('names its author, and its recipient where it has one', async () => {
      const open = say(alice, 'to all');
      const closed = whisper(bob, alice, 'to you');
      const answer = whisper(alice, bob, 'and back');
      await engine.log.append([open, closed, answer]);
      expect(await everything(engine.log)).toEqual([stored(open, 1)]);
      expect(await everything(engine.log, directKey(alice.id, bob.id))).toEqual([
        stored(closed, 1),
        stored(answer, 2),
      ]);
    });

    it('is found under its conversation only', async () => {
      await engine.log.append([say(alice, 'hello')]);
      for (const key of [roomKey('lobb_'), roomKey('%'), roomKey('LOBBY'), roomKey('')]) {
        expect(await engine.log.page(key, { limit: 10 })).toEqual([]);
      }
    });
  });

  describe('page', () => {
    let batch: Draft[];

    beforeEach(async () => {
      batch = many(alice, 10);
      await engine.log.append(batch);
    });

    async function seqs(request: { before?: number; after?: number; limit: number }) {
      return (await engine.log.page(ROOM, request)).map((event) => event.seq);
    }

    it('gives the newest, ascending, where nothing else is asked for', async () => {
      expect(await seqs({ limit: 3 })).toEqual([8, 9, 10]);
      expect(await seqs({ limit: 1_000 })).toEqual(oneTo(10));
    });

    it('gives the newest of those before a number', async () => {
      expect(await seqs({ before: 5, limit: 3 })).toEqual([2, 3, 4]);
      expect(await seqs({ before: 3, limit: 3 })).toEqual([1, 2]);
      expect(await seqs({ before: 1, limit: 3 })).toEqual([]);
      expect(await seqs({ before: 1_000, limit: 2 })).toEqual([9, 10]);
    });

    it('gives the oldest of those after a number', async () => {
      expect(await seqs({ after: 5, limit: 3 })).toEqual([6, 7, 8]);
      expect(await seqs({ after: 0, limit: 2 })).toEqual([1, 2]);
      expect(await seqs({ after: 10, limit: 3 })).toEqual([]);
    });

    it('gives whole events', async () => {
      expect(await engine.log.page(ROOM, { limit: 10 })).toEqual(
        batch.map((draft, index) => stored(draft, index + 1)),
      );
    });

    it('is empty for a conversation where nothing was said', async () => {
      expect(await engine.log.page(roomKey('silent'), { limit: 10 })).toEqual([]);
    });
  });

  describe('heads', () => {
    it('gives the highest numbers, and 0 where nothing was said', async () => {
      await engine.log.append([...many(alice, 3), whisper(alice, bob, 'one')]);
      const direct = directKey(alice.id, bob.id);
      expect(await engine.log.heads([ROOM, direct, roomKey('silent')])).toEqual(
        new Map([
          [ROOM, 3],
          [direct, 1],
          [roomKey('silent'), 0],
        ]),
      );
    });

    it('takes none, and thousands', async () => {
      await engine.log.append(many(alice, 3));
      expect(await engine.log.heads([])).toEqual(new Map());
      const keys = [...oneTo(3_000).map((number) => roomKey(`room ${number}`)), ROOM];
      const heads = await engine.log.heads(keys);
      expect(heads.size).toBe(3_001);
      expect(heads.get(ROOM)).toBe(3);
    });
  });

  describe('stream', () => {
    it('gives the whole log, ascending, in chunks', async () => {
      const batch = many(alice, 1_234);
      await engine.log.append(batch);
      const sizes: number[] = [];
      for await (const chunk of engine.log.stream(ROOM)) sizes.push(chunk.length);
      expect(sizes.length).toBeGreaterThan(1);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
      expect(await everything(engine.log)).toEqual(
        batch.map((draft, index) => stored(draft, index + 1)),
      );
    });

    it('ends at the head as it was when it began', async () => {
      await engine.log.append(many(alice, 450));
      const seen: number[] = [];
      for await (const chunk of engine.log.stream(ROOM)) {
        if (seen.length === 0) await engine.log.append(many(alice, 450));
        seen.push(...chunk.map((event) => event.seq));
      }
      expect(seen).toEqual(oneTo(450));
    });

    it('lets others write and read while its consumer takes its time', async () => {
      await engine.log.append(many(alice, 500));
      let seen = 0;
      for await (const chunk of engine.log.stream(ROOM)) {
        seen += chunk.length;
        await engine.log.append([say(bob, 'meanwhile')]);
        expect(await engine.log.page(ROOM, { limit: 1 })).toHaveLength(1);
      }
      expect(seen).toBe(500);
    });

    it('reads no further than it is consumed, and can be left', async () => {
      await engine.log.append(many(alice, 2_000));
      const seen: number[] = [];
      for await (const chunk of engine.log.stream(ROOM)) {
        seen.push(chunk.length);
        break;
      }
      expect(seen).toHaveLength(1);
      await engine.reopen();
      expect(await engine.log.heads([ROOM])).toEqual(new Map([[ROOM, 2_000]]));
    });

    it('is empty for a conversation where nothing was said', async () => {
      expect(await everything(engine.log, roomKey('silent'))).toEqual([]);
    });
  });
}
