import { beforeEach, describe, expect, it } from '@jest/globals';
import { eventOf } from '../../../test/support/hand-store.js';
import { type ConversationKey, roomKey } from '../conversations/key.js';
import { HeardEvents } from './heard-events.js';

const [A, B] = [roomKey('a'), roomKey('b')];
const MOST = 6;
const MOST_UNITS = 100;

describe('Events that were heard', () => {
  let heard: HeardEvents;

  beforeEach(() => {
    heard = new HeardEvents(MOST, MOST_UNITS);
  });

  function add(conversation: ConversationKey, ...seqs: readonly number[]): void {
    for (const seq of seqs) heard.add({ ...eventOf(conversation, seq), body: 'x' });
  }

  function held(conversation: ConversationKey, position: number, limit = 100) {
    return heard.hold(conversation, position, limit)?.map(({ seq }) => seq) ?? null;
  }

  it.each([
    ['from the first one', 4, 100, [5, 6, 7]],
    ['from one in the middle', 5, 100, [6, 7]],
    ['as many as are wanted', 4, 2, [5, 6]],
    ['not where one before them is missing', 3, 100, null],
    ['not where there is none after it', 7, 100, null],
    ['not where the position is above them', 9, 100, null],
  ])('are given %s', (_what, position, limit, expected) => {
    add(A, 5, 6, 7);
    expect(held(A, position, limit)).toEqual(expected);
    expect(held(B, 0)).toBeNull();
  });

  it.each([
    ['once, though they are told of twice', [1, 2, 1, 2, 3], [1, 2, 3]],
    ['from behind a gap', [1, 2, 5, 6], null],
  ])('are kept %s', (_what, seqs, expected) => {
    add(A, ...seqs);
    expect(held(A, 0)).toEqual(expected);
    expect(held(A, Math.max(...seqs) - 1)).toEqual([Math.max(...seqs)]);
  });

  it('are forgotten when they are done with, and only those', () => {
    add(A, 1, 2, 3);
    expect(held(A, 0, 2)).toEqual([1, 2]);
    heard.letGo(A, 2);
    expect([heard.size, held(A, 0), held(A, 2)]).toEqual([1, null, [3]]);
    heard.letGo(A, 3);
    expect([heard.size, held(A, 3)]).toEqual([0, null]);
    add(A, 4);
    expect(held(A, 3)).toEqual([4]);
  });

  it('are bounded in number: what was kept longest goes', () => {
    add(A, 1, 2, 3);
    add(B, 1, 2, 3, 4, 5);
    expect([heard.size, held(A, 0), held(B, 0)]).toEqual([5, null, [1, 2, 3, 4, 5]]);
  });

  it('are bounded in size', () => {
    add(A, 1);
    heard.add({ ...eventOf(B, 1), body: 'x'.repeat(MOST_UNITS) });
    expect([held(A, 0), held(B, 0)]).toEqual([null, [1]]);
    heard.clear();
    heard.add({ ...eventOf(B, 1), body: 'x'.repeat(MOST_UNITS + 1) });
    expect([heard.size, held(B, 0)]).toEqual([0, null]);
  });

  it('stay while they are held: what finds no room is read from the log', () => {
    add(A, 1, 2, 3, 4, 5, 6);
    expect(held(A, 0)).toHaveLength(MOST);
    add(B, 1);
    add(A, 7);
    expect([heard.size, held(B, 0), held(A, 6)]).toEqual([MOST, null, null]);
    heard.letGo(A, 6);
    add(B, 2);
    add(A, 8);
    expect([heard.size, held(B, 1), held(A, 6), held(A, 7)]).toEqual([2, [2], null, [8]]);
  });

  it('count while they are held, also where the next one is missing', () => {
    add(A, 1, 2, 3);
    expect(held(A, 0)).toEqual([1, 2, 3]);
    add(A, 5);
    expect([heard.size, held(A, 4)]).toEqual([3, null]);
    heard.letGo(A, 3);
    add(A, 6);
    expect([heard.size, held(A, 5)]).toEqual([1, [6]]);
  });

  it('of one conversation alone fill it, and begin anew', () => {
    add(A, 1, 2, 3, 4, 5, 6, 7);
    expect([heard.size, held(A, 0), held(A, 6)]).toEqual([1, null, [7]]);
    add(A, 8);
    heard.letGo(A, 7);
    expect([heard.size, held(A, 7)]).toEqual([1, [8]]);
  });
});
