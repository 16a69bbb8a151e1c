import { describe, expect, it } from '@jest/globals';
import { permutationsOf } from '../testing/permutations.js';
import { ALICE, BOB, CAROL, joinOf, partOf, roleOf } from '../testing/room-entries.js';
import { MemberList } from './member-list.js';

type Frame = Parameters<MemberList['take']>[0];

function listOf(frames: readonly Frame[], list = new MemberList()): readonly string[] {
  for (const frame of frames) list.take(frame);
  return list.list.map(({ user, role }) => `${user.username} ${role}`).sort();
}

describe('Who is in a room', () => {
  it.each<[title: string, frames: readonly Frame[], present: readonly string[]]>([
    ['are those who joined', [joinOf(ALICE, 1), joinOf(BOB, 2)], ['alice member', 'bob member']],
    ['are not those who left', [joinOf(ALICE, 1), partOf(ALICE, 3)], []],
    [
      'are those who came again',
      [joinOf(ALICE, 1), partOf(ALICE, 3), joinOf(ALICE, 5)],
      ['alice member'],
    ],
    [
      'have the role that was given last',
      [joinOf(CAROL, 1), roleOf(CAROL, 'owner', 4), roleOf(CAROL, 'reader', 6)],
      ['carol reader'],
    ],
    ['have no role after they left', [roleOf(CAROL, 'owner', 4), partOf(CAROL, 6)], []],
  ])('%s, in whatever order and however often it comes', (_, frames, present) => {
    for (const order of permutationsOf(frames)) {
      expect(listOf([...order, ...order])).toEqual(present);
    }
  });

  it('are as a list told, but for what was heard after it was asked for', () => {
    const list = new MemberList();
    listOf([partOf(BOB, 8), joinOf(CAROL, 3)], list);
    const listed = [ALICE, BOB, CAROL].map(
      (user) => ({ user, role: 'moderator', since: 1 }) as const,
    );
    list.learn(listed, 5);
    expect(listOf([], list)).toEqual(['alice moderator', 'carol moderator']);
  });

  it('are remembered up to a bound', () => {
    const list = new MemberList();
    for (let n = 1; n <= 10_050; n++) list.take(joinOf({ id: `p${n}`, username: `p${n}` }, n));
    list.take(partOf({ id: 'p1', username: 'p1' }, 10_051));
    expect(list.list).toHaveLength(9_999);
  });
});
