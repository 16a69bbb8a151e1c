import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { directKey, roomKey } from '../../src/chat/conversation.js';
import type { Draft } from '../../src/chat/event.js';
import type { Person } from '../../src/kernel/person.js';
import { Refusal } from '../../src/kernel/refusal.js';
import { activeDirectsContract } from './active-directs.suite.js';
import { everything, many, oneTo, ROOM, say, seqOf, stored, whisper } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { join, newId } from './people.js';

export function messageStoreContract(open: EngineFactory): void {
  describe('MessageStore', () => {
    let engine: EngineUnderTest;
    let alice: Person;
    let bob: Person;

    beforeEach(async () => {
      engine = await open();
      alice = await join(engine, 'Alice');
      bob = await join(engine, 'Bob');
    });

    afterEach(() => engine.dispose());

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

    describe('a ref', () => {
      it('makes a draft of a later batch a duplicate with the first receipt', async () => {
        const first = say(alice, 'hello', { ref: 'r1' });
        const [original] = await engine.messages.append([first]);
        const again = say(alice, 'hello', { ref: 'r1', time: first.time + 5_000 });
        expect(await engine.messages.append([again, say(bob, 'next')])).toMatchObject([
          { status: 'duplicate', receipt: seqOf(original) && { id: first.id, time: first.time } },
          { status: 'stored', receipt: { seq: 2 } },
        ]);
        expect(await everything(engine.messages)).toHaveLength(2);
      });

      it('makes a draft of the same batch a duplicate with the first receipt', async () => {
        const first = say(alice, 'hello', { ref: 'r1' });
        const receipt = { id: first.id, seq: 1, time: first.time };
        expect(
          await engine.messages.append([
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
        expect(
          await engine.messages.append([say(alice, 'hello', { ref: 'r1' }), changed]),
        ).toMatchObject([{ status: 'stored' }, { status: 'conflict' }]);
        expect(await engine.messages.append([changed])).toEqual([{ status: 'conflict' }]);
        expect((await everything(engine.messages)).map((event) => event.text)).toEqual(['hello']);
      });

      it('conflicts where it stood for another conversation, which is not begun by it', async () => {
        await engine.messages.append([say(alice, 'hello', { ref: 'r1' })]);
        const elsewhere = whisper(alice, bob, 'hello', { ref: 'r1' });
        expect(await engine.messages.append([elsewhere])).toEqual([{ status: 'conflict' }]);
        expect(await engine.messages.directs(bob.id, 10)).toEqual([]);
      });

      it('belongs to its author alone', async () => {
        const appended = await engine.messages.append([
          say(alice, 'hello', { ref: 'r1' }),
          say(bob, 'hello', { ref: 'r1' }),
        ]);
        expect(appended.map(({ status }) => status)).toEqual(['stored', 'stored']);
      });

      it('is compared letter for letter [S32]', async () => {
        const refs = ['r', 'R', 'r ', '%', '_', "'", '1', '01', '１'];
        const appended = await engine.messages.append(
          refs.map((ref) => say(alice, 'hello', { ref })),
        );
        expect(appended.map(({ status }) => status)).toEqual(refs.map(() => 'stored'));
      });

      it('stores once what fifty send at once [F15]', async () => {
        const appended = await Promise.all(
          oneTo(50).map(() => engine.messages.append([say(alice, 'hello', { ref: 'r1' })])),
        );
        const outcomes = appended.flat();
        expect(outcomes.filter(({ status }) => status === 'stored')).toHaveLength(1);
        expect(new Set(outcomes.map(seqOf))).toEqual(new Set([1]));
        expect(await everything(engine.messages)).toHaveLength(1);
      });

      it('is remembered over a restart', async () => {
        const draft = say(alice, 'hello', { ref: 'r1' });
        await engine.messages.append([draft]);
        await engine.reopen();
        expect(await engine.messages.append([draft])).toMatchObject([
          { status: 'duplicate', receipt: { seq: 1 } },
        ]);
      });
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
        await engine.messages.append([draft]);
        expect(await everything(engine.messages)).toEqual([stored(draft, 1)]);
        expect(await engine.messages.append([draft])).toMatchObject([{ status: 'duplicate' }]);
      });

      it('names its author, and its recipient where it has one', async () => {
        const open = say(alice, 'to all');
        const closed = whisper(bob, alice, 'to you');
        const answer = whisper(alice, bob, 'and back');
        await engine.messages.append([open, closed, answer]);
        expect(await everything(engine.messages)).toEqual([stored(open, 1)]);
        expect(await everything(engine.messages, directKey(alice.id, bob.id))).toEqual([
          stored(closed, 1),
          stored(answer, 2),
        ]);
      });

      it('is found under its conversation only', async () => {
        await engine.messages.append([say(alice, 'hello')]);
        for (const key of [roomKey('lobb_'), roomKey('%'), roomKey('LOBBY'), roomKey('')]) {
          expect(await engine.messages.page(key, { limit: 10 })).toEqual([]);
        }
      });
    });

    describe('page', () => {
      let batch: Draft[];

      beforeEach(async () => {
        batch = many(alice, 10);
        await engine.messages.append(batch);
      });

      async function seqs(request: { before?: number; after?: number; limit: number }) {
        return (await engine.messages.page(ROOM, request)).map((event) => event.seq);
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
        expect(await engine.messages.page(ROOM, { limit: 10 })).toEqual(
          batch.map((draft, index) => stored(draft, index + 1)),
        );
      });

      it('is empty for a conversation where nothing was said', async () => {
        expect(await engine.messages.page(roomKey('silent'), { limit: 10 })).toEqual([]);
      });
    });

    describe('heads', () => {
      it('gives the highest numbers, and 0 where nothing was said', async () => {
        await engine.messages.append([...many(alice, 3), whisper(alice, bob, 'one')]);
        const direct = directKey(alice.id, bob.id);
        expect(await engine.messages.heads([ROOM, direct, roomKey('silent')])).toEqual(
          new Map([
            [ROOM, 3],
            [direct, 1],
            [roomKey('silent'), 0],
          ]),
        );
      });

      it('takes none, and thousands', async () => {
        await engine.messages.append(many(alice, 3));
        expect(await engine.messages.heads([])).toEqual(new Map());
        const keys = [...oneTo(3_000).map((number) => roomKey(`room ${number}`)), ROOM];
        const heads = await engine.messages.heads(keys);
        expect(heads.size).toBe(3_001);
        expect(heads.get(ROOM)).toBe(3);
      });
    });

    describe('stream', () => {
      it('gives the whole log, ascending, in chunks', async () => {
        const batch = many(alice, 1_234);
        await engine.messages.append(batch);
        const sizes: number[] = [];
        for await (const chunk of engine.messages.stream(ROOM)) sizes.push(chunk.length);
        expect(sizes.length).toBeGreaterThan(1);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(1_000);
        expect(await everything(engine.messages)).toEqual(
          batch.map((draft, index) => stored(draft, index + 1)),
        );
      });

      it('ends at the head at the time of the call, even when it is read later', async () => {
        await engine.messages.append(many(alice, 3));
        const stream = engine.messages.stream(ROOM);
        await engine.messages.heads([ROOM]);
        await engine.messages.append(many(alice, 3));
        const seen: number[] = [];
        for await (const chunk of stream) seen.push(...chunk.map((event) => event.seq));
        expect(seen).toEqual([1, 2, 3]);
      });

      it('lets others write and read while its consumer takes its time', async () => {
        await engine.messages.append(many(alice, 500));
        let seen = 0;
        for await (const chunk of engine.messages.stream(ROOM)) {
          seen += chunk.length;
          await engine.messages.append([say(bob, 'meanwhile')]);
          expect(await engine.messages.page(ROOM, { limit: 1 })).toHaveLength(1);
        }
        expect(seen).toBe(500);
      });

      it('reads no further than it is consumed, and can be left', async () => {
        await engine.messages.append(many(alice, 2_000));
        const seen: number[] = [];
        for await (const chunk of engine.messages.stream(ROOM)) {
          seen.push(chunk.length);
          break;
        }
        expect(seen).toHaveLength(1);
        await engine.reopen();
        expect(await engine.messages.heads([ROOM])).toEqual(new Map([[ROOM, 2_000]]));
      });

      it('is empty for a conversation where nothing was said', async () => {
        expect(await everything(engine.messages, roomKey('silent'))).toEqual([]);
      });
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

    activeDirectsContract(() => engine);

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
  });
}
