import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandClock } from '../../../test/support/hand-clock.js';
import { type ConversationKey, roomKey } from '../conversations/key.js';
import { FollowerBacklog, type Followed } from './follower-backlog.js';

const LIMIT = 3;
const [A, B, C, D] = ['a', 'b', 'c', 'd'].map(roomKey) as [
  ConversationKey,
  ConversationKey,
  ConversationKey,
  ConversationKey,
];

describe('The backlog of a follower', () => {
  let clock: HandClock;
  let woken: number;
  let backlog: FollowerBacklog;

  beforeEach(() => {
    clock = new HandClock();
    woken = 0;
    backlog = new FollowerBacklog(clock, clock, () => woken++, LIMIT);
  });

  /** All that are ready, in their order. */
  function takeAll(): Followed[] {
    const all: Followed[] = [];
    for (let one = backlog.take(); one !== null; one = backlog.take()) all.push(one);
    return all;
  }

  function keysOf(all: readonly Followed[]): ConversationKey[] {
    return all.map(({ conversation }) => conversation);
  }

  function handleAll(): void {
    for (const one of takeAll()) backlog.handled(one, one.head, clock.time, 0);
  }

  it('gives out what was heard of in its order, each conversation once until it is done', () => {
    for (const [key, seq] of [
      [B, 1],
      [A, 1],
      [B, 2],
    ] as const) {
      backlog.heard(key, seq);
    }
    const all = takeAll();
    expect(keysOf(all)).toEqual([B, A]);
    expect(woken).toBe(2);
    backlog.heard(B, 3);
    expect(backlog.take()).toBeNull();
    const [b] = all;
    if (b) backlog.handled(b, 2, clock.time, 0);
    expect(keysOf(takeAll())).toEqual([B]);
  });

  it('forgets the conversation that has been idle longest where there is no room', () => {
    for (const key of [A, B, C]) {
      backlog.heard(key, 1);
      handleAll();
    }
    backlog.heard(A, 2);
    handleAll();
    backlog.heard(D, 1);
    expect([backlog.size, backlog.overflown]).toEqual([LIMIT, false]);
    handleAll();
    // A is known still, and so is its position; B is as if new.
    backlog.heard(A, 3);
    backlog.heard(B, 2);
    expect(takeAll().map(({ position }) => position)).toEqual([2, null]);
  });

  it('grows no further where none is idle, and says so: the sweep finds the others later', () => {
    for (const key of [A, B, C, D]) backlog.found({ conversation: key, position: 0, head: 1 });
    expect([backlog.size, backlog.overflown]).toEqual([LIMIT, true]);
    backlog.forgetOverflow();
    backlog.heard(D, 1);
    expect([backlog.size, backlog.overflown]).toEqual([LIMIT, true]);
    handleAll();
    backlog.heard(D, 1);
    expect(keysOf(takeAll())).toEqual([D]);
  });

  it('keeps one that failed apart until its time has come', () => {
    backlog.heard(A, 1);
    backlog.heard(B, 1);
    for (const one of takeAll()) backlog.again(one, one.conversation === A ? 1_000 : 0);
    expect(keysOf(takeAll())).toEqual([B]);
    clock.advance(999);
    expect(backlog.take()).toBeNull();
    expect([backlog.events, backlog.oldestMs]).toEqual([2, 999]);
    clock.advance(1);
    expect(keysOf(takeAll())).toEqual([A]);
  });

  it.each([
    { says: 'where it is thought to be', position: 5, expected: 5 },
    { says: 'behind that, as it was set back', position: 2, expected: null },
    { says: 'before that, as it was set forward', position: 7, expected: null },
  ])('asks for the cursor where the store has it elsewhere: $says', ({ position, expected }) => {
    backlog.heard(A, 5);
    handleAll();
    backlog.found({ conversation: A, position, head: 9 });
    expect(takeAll()).toMatchObject([{ position: expected, head: 9 }]);
  });

  it('forgets all when it is cleared, and believes nothing of what is busy', () => {
    for (const key of [A, B]) backlog.heard(key, 1);
    const busy = backlog.take();
    backlog.clear();
    expect([backlog.size, backlog.take(), clock.waiting]).toEqual([1, null, 0]);
    backlog.heard(A, 2);
    if (busy) backlog.again(busy, 0);
    expect(takeAll()).toMatchObject([{ conversation: A, position: null, head: 2 }]);
  });
});
