import { describe, expect, it } from '@jest/globals';
import { roomKey } from '../chat/conversations/key.js';
import type { ChatEvent } from '../chat/log/event.js';
import { pageEnds } from './page-ends.js';

function read(first: number, last: number): readonly ChatEvent[] {
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const seq = first + i;
    const author = { id: 'a', username: 'ann' };
    return {
      ...{ conversation: roomKey('lobby'), seq, n: seq, id: `e${String(seq)}`, time: seq },
      ...{ author, to: null, kind: 'message', target: null, body: 'text' },
    };
  });
}

const NONE = read(1, 0);

describe('The ends of a page', () => {
  it.each([
    ['the newest', {}, read(8, 10), 10, 1, [10, 8, null]],
    ['from the first on', { after: 0 }, read(1, 3), 10, 1, [10, null, 3]],
    ['in the middle', { after: 3 }, read(4, 6), 10, 1, [10, 4, 6]],
    ['up to the newest', { after: 7 }, read(8, 10), 10, 1, [10, 8, null]],
    ['the oldest', { before: 3 }, read(1, 2), 10, 1, [10, null, 2]],
    ['in an empty conversation', {}, NONE, 0, 1, [0, null, null]],
    ['above the newest', { after: 10 }, NONE, 10, 1, [10, 11, null]],
    ['far above the newest', { after: 99 }, NONE, 10, 1, [10, 11, null]],
    ['below the first', { before: 1 }, NONE, 10, 1, [10, null, 0]],
    ['the newest from joining on', {}, read(6, 10), 10, 8, [10, null, null]],
    ['from joining on', { after: 7 }, read(8, 9), 10, 8, [10, null, 9]],
    ['nothing said since joining', {}, read(6, 7), 7, 8, [7, null, null]],
    ['below the joining', { before: 8 }, read(4, 7), 10, 8, [10, null, 7]],
  ])('lead on: %s', (_, given, events, head, from, [at, before, after]) => {
    const asked = { limit: 3, ...given };
    expect(pageEnds({ asked, read: events, head, from })).toEqual({
      ...{ head: at, next_before: before, next_after: after },
    });
  });

  it.each([
    ['the newest', {}, read(8, 10), 1, [10, 8, null]],
    ['in a conversation that was empty', {}, NONE, 1, [0, null, null]],
    ['above the newest', { after: 10 }, NONE, 1, [10, 11, null]],
    ['up to the newest', { after: 7 }, read(8, 10), 1, [12, 8, 10]],
    ['below the first', { before: 1 }, NONE, 1, [12, null, 0]],
    ['nothing said since joining', {}, read(9, 10), 11, [10, null, null]],
  ])(
    'leave nothing out that was said while the head was read: %s',
    (_, given, events, from, [at, before, after]) => {
      const asked = { limit: 3, ...given };
      expect(pageEnds({ asked, read: events, head: 12, from })).toEqual({
        ...{ head: at, next_before: before, next_after: after },
      });
    },
  );
});
