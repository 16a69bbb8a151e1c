import { describe, expect, it } from '@jest/globals';
import { DeletionTime } from './deletion-time.js';
import { HandClock } from '../../../test/support/hand-clock.js';

const HOUR = 3_600_000;
const START = 1_790_000_000_000;

describe('The time by which things are deleted', () => {
  it.each([
    [
      'goes as the clock does',
      [
        [1, 1],
        [5, 5],
      ],
      5,
    ],
    [
      'does not follow a jump ahead',
      [
        [1, 1],
        [1, 745],
      ],
      1,
    ],
    [
      'catches up with it at twice the speed',
      [
        [0, 744],
        [10, 754],
      ],
      20,
    ],
    [
      'is with the clock again in the end',
      [
        [0, 5],
        [10, 15],
      ],
      15,
    ],
    [
      'forgets a jump that is taken back',
      [
        [0, 744],
        [1, 745],
        [2, 2],
      ],
      2,
    ],
    ['goes back with the clock at once', [[1, -5]], -5],
    [
      'goes on from there',
      [
        [1, -5],
        [2, -4],
      ],
      -4,
    ],
    ['is never ahead of the clock', [[10, 3]], 3],
  ])('%s', (_what, readings, expected) => {
    const clock = new HandClock(START);
    const time = new DeletionTime(clock);
    let now = 0;
    for (const [mono = 0, wall = 0] of readings) {
      clock.time = mono * HOUR;
      clock.epoch = START + (wall - mono) * HOUR;
      now = time.now();
    }
    expect((now - START) / HOUR).toBe(expected);
  });
});
