import { describe, expect, it } from '@jest/globals';
import { directKey } from '../../chat/conversations/key.js';
import { LiveCursor } from './live-cursor.js';
import { LiveCursors, MOST_ARRIVING } from './live-cursors.js';

/** `hold 5`, `release 7`, `abandon`, `end 4`, `arrive 3`, or a live event: `8`. */
type Step = string;

interface Case {
  readonly says: string;
  readonly steps: readonly Step[];
  /** The answer to each live event, and to each release. */
  readonly answers: readonly boolean[];
  readonly state: string;
  readonly aheadOf?: number | null;
}

const CASES: readonly Case[] = [
  {
    says: 'tells everything while nothing else goes on',
    steps: ['1', '2'],
    answers: [true, true],
    state: 'live',
  },
  {
    says: 'keeps live events back while the log is read',
    steps: ['hold 2', '3', '4'],
    answers: [false, false],
    state: 'holding',
  },
  {
    says: 'goes on behind what the log brought',
    steps: ['hold 2', '3', 'release 3', '3', '4', '5'],
    answers: [false, true, false, true, true],
    state: 'live',
  },
  {
    says: 'has the log read on where an event came meanwhile',
    steps: ['hold 2', '3', 'release 2', 'release 3', '4'],
    answers: [false, false, true, true],
    state: 'live',
  },
  {
    says: 'counts what had come live before it held',
    steps: ['hold 9', 'release 8', 'release 9'],
    answers: [false, true],
    state: 'ahead',
    aheadOf: 9,
  },
  {
    says: 'passes over what another node brought first, until there is more',
    steps: ['hold 0', 'release 7', '5', '6', '7', '8'],
    answers: [true, false, false, false, true],
    state: 'live',
  },
  {
    says: 'is live again where the log could not be read',
    steps: ['hold 2', '3', 'abandon', '4'],
    answers: [false, true],
    state: 'live',
  },
  {
    says: 'remembers how far it was ahead where the next reading fails',
    steps: ['hold 0', 'release 7', 'hold 5', '6', 'abandon', '7', '8'],
    answers: [true, false, false, true],
    state: 'live',
  },
  {
    says: 'forgets it where live events have passed that',
    steps: ['hold 0', 'release 7', 'hold 5', '8', 'abandon', '9'],
    answers: [true, false, true],
    state: 'live',
  },
  {
    says: 'waits from the first event on for what was missed',
    steps: ['arrive 4', '4', '5'],
    answers: [false, false],
    state: 'arriving',
  },
  {
    says: 'tells what waited from the log, and then goes on',
    steps: ['arrive 4', '5', 'hold 0', 'release 5', '5', '6'],
    answers: [false, true, false, true],
    state: 'live',
  },
  {
    says: 'cannot be released where it does not hold',
    steps: ['release 7', '1'],
    answers: [true, true],
    state: 'live',
    aheadOf: null,
  },
  {
    says: 'tells nothing any more where the person has gone while the log was read',
    steps: ['hold 2', 'end 3', '3', '4', 'hold 4', 'release 3', '5'],
    answers: [false, false, true, false],
    state: 'ended',
  },
  {
    says: 'has no end where nothing is being read',
    steps: ['end 3', '4'],
    answers: [true],
    state: 'live',
  },
];

function play(cursor: LiveCursor, steps: readonly Step[]): readonly boolean[] {
  return steps.flatMap((step) => {
    const [what = '', seq = '0'] = step.split(' ');
    if (what === 'hold') cursor.hold(Number(seq));
    else if (what === 'arrive') cursor.arrive(Number(seq));
    else if (what === 'abandon') cursor.abandon();
    else if (what === 'end') cursor.end(Number(seq));
    else if (what === 'release') return [cursor.release(Number(seq))];
    else return [cursor.offer(Number(what))];
    return [];
  });
}

describe('What a connection may be told live of a conversation', () => {
  it.each(CASES)('$says', ({ steps, answers, state, aheadOf }) => {
    const cursor = new LiveCursor();
    expect(play(cursor, steps)).toEqual(answers);
    expect(cursor.state).toBe(state);
    if (aheadOf !== undefined) expect(cursor.aheadOf).toBe(aheadOf);
  });
});

describe('The cursors of a connection', () => {
  const one = directKey('a', 'b');
  const other = directKey('a', 'c');

  it('are told at once where nothing waits', () => {
    const cursors = new LiveCursors();
    expect(cursors.offer(one, 1)).toBe('tell');
    expect(cursors.nextArriving()).toBeNull();
  });

  it('wait, each conversation from its first event on, until what was missed has been brought', () => {
    const cursors = new LiveCursors();
    cursors.beginArriving();
    for (const seq of [7, 8, 9]) expect(cursors.offer(one, seq)).toBe('keep');
    expect(cursors.offer(other, 3)).toBe('keep');
    expect(cursors.nextArriving()).toEqual([one, 7]);
    cursors.hold(one, 0);
    expect(cursors.nextArriving()).toEqual([other, 3]);
    expect(cursors.release(one, 9)).toBe(true);
    expect(cursors.offer(one, 9)).toBe('keep');
    cursors.hold(other, 0);
    expect(cursors.nextArriving()).toBeNull();
    cursors.abandon(other);
    cursors.endArriving();
    expect(cursors.offer(one, 10)).toBe('tell');
    expect(cursors.offer(other, 4)).toBe('tell');
  });

  it('wait again where more is said after what waited was brought', () => {
    const cursors = new LiveCursors();
    cursors.beginArriving();
    cursors.offer(one, 7);
    cursors.hold(one, 0);
    expect(cursors.release(one, 8)).toBe(true);
    expect(cursors.offer(one, 8)).toBe('keep');
    expect(cursors.nextArriving()).toBeNull();
    expect(cursors.offer(one, 9)).toBe('keep');
    expect(cursors.nextArriving()).toEqual([one, 9]);
  });

  it('are bounded, however many people write to somebody who arrives', () => {
    const cursors = new LiveCursors();
    cursors.beginArriving();
    for (let i = 0; i < MOST_ARRIVING; i++) {
      expect(cursors.offer(directKey('a', `friend-${i}`), 1)).toBe('keep');
    }
    expect(cursors.offer(directKey('a', 'one too many'), 1)).toBe('overflow');
    expect(cursors.offer(directKey('a', 'friend-0'), 2)).toBe('keep');
  });
});
