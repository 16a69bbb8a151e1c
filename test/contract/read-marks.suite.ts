import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ConversationKey, directKey, roomKey } from '../../src/chat/conversations/key.js';
import type { Overview, ReadState } from '../../src/chat/marks/mark-store.js';
import type { Person } from '../../src/kernel/person.js';
import { many, oneTo, ROOM, say, whisper } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { inPages } from './paging.js';
import { account, join } from './people.js';
import { talks } from './talk.js';

/** How far people have read, and what is unread. */
export function readMarksContract(open: EngineFactory): void {
  describe('MarkStore, of what was read', () => {
    const current = talks(open);
    let engine: EngineUnderTest;
    let alice: Person;
    let bob: Person;
    let direct: ConversationKey;

    beforeEach(() => {
      ({ engine, alice, bob } = current());
      direct = directKey(alice.id, bob.id);
    });

    async function stateOf(person: Person, conversation = direct): Promise<ReadState | undefined> {
      return (await engine.marks.readStates(person.id, [conversation])).get(conversation);
    }

    async function readOf(person: Person, conversation = direct): Promise<number | undefined> {
      return (await stateOf(person, conversation))?.read;
    }

    function move(person: Person, seq: number, time = 1_000, conversation = direct): Promise<void> {
      return engine.marks.moveRead([{ personId: person.id, conversation, seq, time }]);
    }

    describe('marks', () => {
      beforeEach(async () => {
        await engine.log.append(oneTo(5).map((n) => whisper(alice, bob, `number ${n}`)));
      });

      it('move forward and never back, in whatever order they are told', async () => {
        await move(bob, 3);
        expect(await readOf(bob)).toBe(3);
        await move(bob, 2, 2_000);
        expect(await readOf(bob)).toBe(3);
        await engine.marks.moveRead(
          [5, 4].map((seq) => ({ personId: bob.id, conversation: direct, seq, time: 1 })),
        );
        expect(await readOf(bob)).toBe(5);
        expect(await readOf(alice)).toBe(0);
      });

      it('stand at the head at the most', async () => {
        await move(bob, 1_000_000);
        expect(await stateOf(bob)).toMatchObject({ head: 5, n: 5, read: 5, readN: 5 });
        await engine.log.append([whisper(alice, bob, 'one more')]);
        expect(await stateOf(bob)).toMatchObject({ head: 6, n: 6, read: 5, readN: 5 });
      });

      it('are set back where somebody says so, and not moved by what was read before', async () => {
        await move(bob, 5, 1_000);
        const back = { personId: bob.id, conversation: direct, seq: 2, time: 2_000 };
        await engine.marks.setReadBack(back);
        expect(await readOf(bob)).toBe(2);
        // Another node had not written this yet.
        await move(bob, 4, 1_999);
        expect(await readOf(bob)).toBe(2);
        await move(bob, 3, 2_000);
        expect(await readOf(bob)).toBe(3);
        await engine.marks.setReadBack({ ...back, seq: 9, time: 3_000 });
        expect(await readOf(bob)).toBe(5);
      });

      it('are set back where there were none yet, and not moved by what was read before', async () => {
        await engine.marks.setReadBack({
          ...{ personId: bob.id, conversation: direct, seq: 2, time: 2_000 },
        });
        await move(bob, 5, 1_999);
        expect(await readOf(bob)).toBe(2);
        await move(bob, 5, 2_001);
        expect(await readOf(bob)).toBe(5);
      });

      it('survive a restart', async () => {
        await move(bob, 3);
        await engine.reopen();
        expect(await readOf(bob)).toBe(3);
      });

      it('mean nothing where there is no such conversation or person', async () => {
        await engine.marks.moveRead([
          { personId: 'nobody', conversation: direct, seq: 3, time: 1 },
          { personId: bob.id, conversation: directKey('no', 'body'), seq: 3, time: 1 },
        ]);
        await engine.marks.moveRead([]);
        expect(await readOf(bob)).toBe(0);
      });

      it('go with an account that left nothing', async () => {
        const { id } = account('Short', { passwordHash: null });
        const guest = { id, username: 'Short' };
        expect(await engine.users.create(account('Short', { id, passwordHash: null }))).toBe(true);
        await engine.log.append([say(alice, 'to all')]);
        await move(guest, 1, 1, ROOM);
        expect(await engine.guests.leave(id, 2_000_000_000_000)).toBe(true);
        expect(await engine.guests.forget(3_000_000_000_000, 10)).toBe(1);
        expect(await engine.marks.readers(ROOM, 1, 10)).toEqual([]);
      });

      it('all move to the heads at once', async () => {
        const carol = await join(engine, 'Carol');
        await engine.log.append([say(alice, 'to all'), whisper(carol, bob, 'hi')]);
        await engine.marks.moveAllRead(bob.id, 1_000);
        expect(await readOf(bob)).toBe(5);
        expect(await readOf(bob, ROOM)).toBe(1);
        expect(await readOf(bob, directKey(carol.id, bob.id))).toBe(1);
        expect(await readOf(carol, directKey(carol.id, bob.id))).toBe(0);
        await engine.marks.moveAllRead('nobody', 1_000);
      });
    });

    describe('what is unread', () => {
      it('leaves out what does not count', async () => {
        await engine.log.append([
          whisper(alice, bob, 'one'),
          whisper(alice, bob, 'a reaction', { kind: 'reaction', target: 1, counts: false }),
          whisper(alice, bob, 'three'),
          whisper(alice, bob, 'four'),
        ]);
        expect(await stateOf(bob)).toMatchObject({ head: 4, n: 3, read: 0, readN: 0 });
        await move(bob, 2);
        expect(await stateOf(bob)).toMatchObject({ head: 4, n: 3, read: 2, readN: 1 });
        await move(bob, 3);
        expect(await stateOf(bob)).toMatchObject({ head: 4, n: 3, read: 3, readN: 2 });
        const counts = await Promise.all(
          [0, 1, 2, 3, 4, 99].map((seq) => engine.marks.countUpTo(direct, seq)),
        );
        expect(counts).toEqual([0, 1, 1, 2, 3, 3]);
        expect(await engine.marks.countUpTo(roomKey('nowhere'), 3)).toBe(0);
      });

      it('begins in a room with what was said after the account was made', async () => {
        const made = 1_790_000_000_000;
        await engine.log.append(oneTo(8).map((n) => say(alice, `${n}`, { time: made + n * 10 })));
        const late = account('Late', { createdAt: made + 35 });
        await engine.users.create(late);
        const state = await stateOf({ id: late.id, username: 'Late' }, ROOM);
        expect(state).toMatchObject({ head: 8, n: 8, read: 3, readN: 3 });
        for (const n of [0, 1, 4, 8, 9]) {
          const one = account(`Made${n}`, { createdAt: made + n * 10 });
          await engine.users.create(one);
          expect(await readOf({ id: one.id, username: '' }, ROOM)).toBe(Math.min(n, 8));
        }
      });

      it('is asked for many conversations at once, those without a word included', async () => {
        await engine.log.append([whisper(alice, bob, 'hi'), say(bob, 'to all')]);
        const nowhere = oneTo(197).map((n) => roomKey(`nowhere ${n}`));
        const states = await engine.marks.readStates(bob.id, [direct, ROOM, ...nowhere]);
        expect(states.size).toBe(199);
        expect(states.get(direct)).toMatchObject({ head: 1, read: 0 });
        expect(states.get(roomKey('nowhere 7'))).toMatchObject({
          head: 0,
          n: 0,
          read: 0,
          readN: 0,
        });
        expect((await engine.marks.readStates(bob.id, [])).size).toBe(0);
      });
    });

    describe('readers', () => {
      it('lists who has read a message, page by page', async () => {
        const people = [alice, bob];
        for (const n of oneTo(5)) people.push(await join(engine, `Person${n}`));
        await engine.log.append(many(alice, 9));
        for (const [at, person] of people.entries()) await move(person, at + 1, 1, ROOM);
        const expected = people.slice(2).map((one, at) => ({ ...one, seq: at + 3 }));
        expect(await engine.marks.readers(ROOM, 3, 100)).toEqual(expected);
        const listed = await inPages(2, async (last?: { readonly id: string }) =>
          engine.marks.readers(ROOM, 3, 2, last?.id),
        );
        expect(listed).toEqual(expected);
        expect(await engine.marks.readers(roomKey('nowhere'), 1, 10)).toEqual([]);
      });
    });

    describe('overviews', () => {
      it('lists rooms and private conversations, latest first, each with its last event', async () => {
        const carol = await join(engine, 'Carol');
        await engine.log.append([
          whisper(alice, bob, 'hi', { time: 1_000 }),
          say(carol, 'to all', { time: 2_000 }),
          whisper(carol, alice, 'hello', { time: 3_000 }),
          whisper(alice, carol, 'you', { time: 3_000 }),
        ]);
        await move(alice, 1, 1, directKey(alice.id, carol.id));
        const all = await engine.marks.overviews(alice.id, true, 100);
        expect(all).toEqual([
          {
            ...{
              conversation: directKey(alice.id, carol.id),
              with: carol,
              time: 3_000,
              room: null,
            },
            ...{ head: 2, n: 2, read: 1, readN: 1, deleted: 0, mentions: 0 },
            last: {
              seq: 2,
              time: 3_000,
              kind: 'message',
              target: null,
              body: 'you',
              author: alice,
            },
          },
          {
            ...{ conversation: ROOM, with: null, time: 2_000, room: null },
            ...{ head: 1, n: 1, read: 1, readN: 1, deleted: 0, mentions: 0 },
            last: {
              seq: 1,
              time: 2_000,
              kind: 'message',
              target: null,
              body: 'to all',
              author: carol,
            },
          },
          {
            ...{ conversation: direct, with: bob, time: 1_000, room: null },
            ...{ head: 1, n: 1, read: 0, readN: 0, deleted: 0, mentions: 0 },
            last: { seq: 1, time: 1_000, kind: 'message', target: null, body: 'hi', author: alice },
          },
        ]);
      });

      it('shows the last message, also where something else came after it', async () => {
        const wave = { kind: 'wave', target: 1, counts: false };
        await engine.log.append([
          whisper(alice, bob, 'hi', { time: 1_000 }),
          whisper(bob, alice, '{}', { ...wave, time: 2_000 }),
          say(alice, '{}', { ...wave, time: 500 }),
        ]);
        const [first, second] = await engine.marks.overviews(alice.id, true, 10);
        expect(first).toMatchObject({ head: 2, time: 2_000, last: { seq: 1, body: 'hi' } });
        expect(second).toMatchObject({ head: 1, last: { kind: 'wave' } });
      });

      it('lists rooms without a word at the end, and nothing else to a stranger', async () => {
        await engine.log.append([whisper(alice, bob, 'hi')]);
        const empty = {
          time: 0,
          head: 0,
          n: 0,
          read: 0,
          readN: 0,
          deleted: 0,
          mentions: 0,
          last: null,
          with: null,
        };
        expect(await engine.marks.overviews('nobody', true, 10)).toEqual([
          { ...empty, room: null, conversation: ROOM },
        ]);
        expect(await engine.marks.overviews('nobody', false, 10)).toEqual([]);
        const [first] = await engine.marks.overviews(bob.id, true, 10);
        expect(first).toMatchObject({ conversation: direct, with: alice });
      });

      it('goes on behind any of them, also where several are of one time', async () => {
        const people: Person[] = [];
        for (const n of oneTo(7)) people.push(await join(engine, `Person${n}`));
        await engine.log.append([
          ...people.map((one, at) => whisper(one, alice, 'hi', { time: 1_000 + (at % 3) })),
          say(alice, 'to all', { time: 1_001 }),
        ]);
        const all = await engine.marks.overviews(alice.id, true, 100);
        expect(all).toHaveLength(8);
        expect(all.map(({ time }) => time)).toEqual(
          all.map(({ time }) => time).toSorted((a, b) => b - a),
        );
        for (const size of [1, 3]) {
          const listed = await inPages(size, async (last?: Overview) =>
            engine.marks.overviews(alice.id, true, size, last),
          );
          expect(listed).toEqual(all);
        }
      });
    });
  });
}
