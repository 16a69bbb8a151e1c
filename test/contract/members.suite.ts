import { beforeEach, describe, expect, it } from '@jest/globals';
import { roomKey } from '../../src/chat/conversations/key.js';
import type { RoomChange } from '../../src/chat/conversations/room-change.js';
import type { MessageChange } from '../../src/chat/log/message-change.js';
import type { Draft } from '../../src/chat/log/event.js';
import type { Person } from '../../src/kernel/person.js';
import { everything, say, seqOf } from './drafts.js';
import type { EngineUnderTest } from './engine-under-test.js';
import { newId } from './people.js';
import type { Talk } from './talk.js';

/** Part of the event log's contract: what only members of a room may write. */
export function membersContract(current: () => Talk): void {
  let engine: EngineUnderTest;
  let alice: Person;
  let bob: Person;
  let room: string;

  beforeEach(async () => {
    ({ engine, alice, bob } = current());
    room = newId();
    const name = { displayed: room, canonical: room, skeleton: room };
    const make: RoomChange = {
      ...({ op: 'make', room, name, title: null, topic: null, kind: 'private' } as const),
      ...({ history: 'all', rights: {}, by: alice.id, ref: null, time: 1 } as const),
    };
    await engine.log.append([moves(alice, [make, enter(alice)]), moves(bob, [enter(bob)])]);
  });

  function moves(author: Person, changes: readonly RoomChange[]): Draft {
    const but = { conversation: roomKey(room), kind: 'move', counts: false, changes };
    return say(author, '', but);
  }

  function enter({ id }: Person): RoomChange {
    return { op: 'enter', room, person: id, role: 'member', time: 1 };
  }

  function exit({ id }: Person): RoomChange {
    return { op: 'exit', room, person: id, time: 1 };
  }

  function inside(author: Person, text: string, ref: string | null = null): Draft {
    return say(author, text, { conversation: roomKey(room), fromMemberOf: room, ref });
  }

  /** Reactions of these people to the third entry, as one entry. */
  function reactions(people: readonly Person[], version: number): Draft {
    const message = { conversation: roomKey(room), seq: 3 };
    const added = people.map(({ id: person }) => ({ key: '👍', person }));
    const changes: readonly MessageChange[] = [
      { op: 'expect-message', ...message, version },
      { op: 'expect-members', ...message, room, people: people.map(({ id }) => id) },
      { op: 'react', ...message, added, removed: [] },
    ];
    const but = { conversation: roomKey(room), kind: 'reaction', target: 3, counts: false };
    return say(alice, '{}', { ...but, changes });
  }

  describe('what only members may write', () => {
    it('is not stored above the number at which its author went [S57]', async () => {
      await engine.log.append([moves(bob, [exit(bob)])]);
      const appended = await engine.log.append([inside(bob, 'late'), inside(alice, 'on')]);
      expect(appended).toMatchObject([{ status: 'outside' }, { status: 'stored' }]);
      expect(appended.map(seqOf)).toEqual([0, 4]);
      const bodies = (await everything(engine.log, roomKey(room))).map(({ body }) => body);
      expect(bodies).toEqual(['', '', '', 'on']);
    });

    it('is not stored behind it in one batch, and is again behind the next entry [S57]', async () => {
      const appended = await engine.log.append([
        ...[inside(bob, 'in'), moves(bob, [exit(bob)]), inside(bob, 'out'), inside(alice, 'on')],
        ...[moves(bob, [enter(bob)]), inside(bob, 'back')],
      ]);
      const outcomes = ['stored', 'stored', 'outside', 'stored', 'stored', 'stored'];
      expect(appended.map(({ status }) => status)).toEqual(outcomes);
      expect(appended.map(seqOf)).toEqual([3, 4, 0, 5, 6, 7]);
    });

    it('together is stored where all of them are there, and not at all else [S57]', async () => {
      await engine.log.append([inside(alice, 'news')]);
      const appended = await engine.log.append([
        ...[moves(bob, [exit(bob)]), reactions([alice, bob], 0), reactions([alice], 0)],
        ...[moves(bob, [enter(bob)]), reactions([bob], 1)],
      ]);
      const outcomes = ['stored', 'stale', 'stored', 'stored', 'stored'];
      expect(appended.map(({ status }) => status)).toEqual(outcomes);
      const counts = await engine.messages.reactions(roomKey(room), [3], bob.id);
      expect(counts.get(3)).toEqual([{ key: '👍', count: 2, me: true }]);
    });

    it('is found under its ref also when its author has gone', async () => {
      const before = await engine.log.append([inside(bob, 'in', 'r')]);
      await engine.log.append([moves(bob, [exit(bob)])]);
      const again = await engine.log.append([inside(bob, 'in', 'r'), inside(bob, 'else', 'r')]);
      expect(again).toMatchObject([{ status: 'duplicate' }, { status: 'conflict' }]);
      expect(seqOf(again[0])).toBe(seqOf(before[0]));
    });

    it('is stored up to there where people write and one is put out at once [S57]', async () => {
      const saying = Array.from({ length: 40 }, (_, at) =>
        engine.log.append([inside(bob, `bob ${at}`), inside(alice, `alice ${at}`)]),
      );
      const [parted] = await engine.log.append([moves(bob, [exit(bob)])]);
      const appended = (await Promise.all(saying)).flat();
      const events = await everything(engine.log, roomKey(room));
      const above = events.filter(({ seq, author }) => seq > seqOf(parted) && author.id === bob.id);
      expect(above).toEqual([]);
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
      const stored = appended.filter(({ status }) => status === 'stored').length;
      expect(events).toHaveLength(stored + 3);
    });
  });
}
