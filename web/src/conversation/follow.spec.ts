import { describe, expect, it } from '@jest/globals';
import { Follow, type FollowMode } from './follow.js';

/** What happens to a view, in a few letters. */
type Step =
  | 'send'
  | 'open at unread'
  | 'unread found'
  /** The page puts the view at the end. */
  | { readonly put: number }
  /** The browser tells where the view is. */
  | { readonly at: number; readonly end: number; readonly isPart?: true };

const AT_END: Step = { put: 1_000 };

function run(steps: readonly Step[]): FollowMode {
  const follow = new Follow();
  for (const step of steps) {
    if (step === 'send') follow.follow();
    else if (step === 'open at unread') follow.seek();
    else if (step === 'unread found') follow.found();
    else if ('put' in step) follow.placed(step.put);
    else follow.see({ top: step.at, end: step.end }, step.isPart !== true);
  }
  return follow.mode;
}

const TABLE: readonly (readonly [string, readonly Step[], FollowMode])[] = [
  // What follows goes on following.
  ['begins at the end', [], 'following'],
  ['a message comes', [AT_END, { at: 1_000, end: 1_060 }], 'following'],
  ['a thousand come at once', [AT_END, { at: 1_000, end: 90_000 }], 'following'],
  ['the composer grows by three lines', [AT_END, { at: 1_000, end: 1_047 }], 'following'],
  ['the composer shrinks, the view with it', [AT_END, { at: 953, end: 953 }], 'following'],
  [
    'the composer shrinks and a message comes before the view is put',
    [AT_END, { at: 953, end: 953 }, { at: 953, end: 1_013 }],
    'following',
  ],
  ['the oldest lines go', [AT_END, { at: 200, end: 200 }], 'following'],
  [
    'a phone’s screen has parts of pixels',
    [{ put: 1_000.4 }, { at: 999.2, end: 1_001 }],
    'following',
  ],
  ['it is where it was', [AT_END, { at: 1_000, end: 1_000 }], 'following'],
  // Only the reader ends it.
  ['the reader scrolls up a little', [AT_END, { at: 990, end: 1_000 }], 'reading'],
  ['the reader scrolls up while messages come', [AT_END, { at: 990, end: 1_500 }], 'reading'],
  ['the reader scrolls up while the composer shrinks', [AT_END, { at: 900, end: 953 }], 'reading'],
  ['the reader jumps to the start', [AT_END, { at: 0, end: 1_000 }], 'reading'],
  [
    'the reader scrolls up before the view was put at the end',
    [
      { at: 300, end: 1_000 },
      { at: 200, end: 1_000 },
    ],
    'reading',
  ],
  // Back to the end.
  [
    'the reader scrolls down again',
    [AT_END, { at: 900, end: 1_000 }, { at: 1_000, end: 1_000 }],
    'following',
  ],
  [
    'the reader nearly gets there',
    [AT_END, { at: 900, end: 1_000 }, { at: 990, end: 1_000 }],
    'reading',
  ],
  [
    'the end of what is loaded is not the end',
    [AT_END, { at: 900, end: 1_000 }, { at: 1_000, end: 1_000, isPart: true }],
    'reading',
  ],
  ['the reader sends', [AT_END, { at: 300, end: 1_000 }, 'send'], 'following'],
  [
    'the reader sends; the view is put there later',
    [AT_END, { at: 300, end: 1_000 }, 'send', { at: 300, end: 1_060 }, { put: 1_060 }],
    'following',
  ],
  [
    'the reader sends, and scrolls up again',
    [AT_END, { at: 300, end: 1_000 }, 'send', { put: 1_060 }, { at: 800, end: 1_060 }],
    'reading',
  ],
  // Opening at the first unread message.
  ['it waits for the unread line', ['open at unread', { at: 0, end: 0 }], 'seeking'],
  [
    'it stays at the unread line',
    ['open at unread', 'unread found', { at: 400, end: 1_000 }],
    'reading',
  ],
  [
    'all that is unread fits in',
    ['open at unread', 'unread found', { at: 1_000, end: 1_000 }],
    'following',
  ],
  ['the reader sends before it is there', ['open at unread', 'send'], 'following'],
];

describe('the view of a log', () => {
  it.each(TABLE)('when %s', (_, steps, mode) => {
    expect(run(steps)).toBe(mode);
  });
});
