import { describe, expect, it } from '@jest/globals';
import { MOST_TYPING, TYPING_TTL_MS, TypingSet } from './typing-set.js';

/**
 * `+a` Ann types, `-a` she stops, `.a` a message that she said at this time comes, `.a@5` one that she
 * said at 5; `?` what is told is asked for; a number: so many milliseconds pass.
 */
type Step = string | number;

const NAMES: Readonly<Record<string, string>> = { a: 'ann', b: 'ben', c: 'cleo' };

function play(set: TypingSet, steps: readonly Step[]): readonly string[] {
  const told: string[] = [];
  let now = 0;
  for (const step of steps) {
    if (typeof step === 'number') {
      now += step;
      set.expire(now);
      continue;
    }
    const [, what, id = '', at] = /^([-+.?])([a-z]?)(?:@(\d+))?$/.exec(step) ?? [];
    if (what === '+') set.begin({ id, username: NAMES[id] ?? id }, now, now);
    if (what === '-') set.end(id);
    if (what === '.') set.end(id, at === undefined ? now : Number(at));
    if (what === '?') told.push(answer(set, now));
  }
  return told;
}

function answer(set: TypingSet, now: number): string {
  const wait = set.wait(now);
  if (wait === null) return 'nothing';
  if (wait > 0) return `in ${wait}`;
  const news = set.take(now);
  if (news === null) return 'nothing new';
  return `${namesOf(news.before)} -> ${namesOf(news.now)}`;
}

function namesOf(people: readonly { readonly username: string }[]): string {
  return people.length === 0 ? 'nobody' : people.map(({ username }) => username).join(' ');
}

describe('Who is typing in a room', () => {
  it.each<[string, readonly Step[], readonly string[]]>([
    ['nothing where nobody does', ['?'], ['nothing']],
    ['who begins, at once', ['+a', '?', '?'], ['nobody -> ann', 'nothing']],
    [
      'the whole set, in the order in which they began',
      ['+a', '?', '+b', '+c', 1_000, '?'],
      ['nobody -> ann', 'ann -> ann ben cleo'],
    ],
    [
      'no more than once a second',
      ['+a', '?', 400, '+b', '?', 599, '?', 1, '?'],
      ['nobody -> ann', 'in 600', 'in 1', 'ann -> ann ben'],
    ],
    [
      'nothing again of who goes on, while what was told is fresh',
      ['+a', '?', 2_999, '+a', '?'],
      ['nobody -> ann', 'nothing'],
    ],
    [
      'who goes on, again, before the ttl ends it',
      ['+a', '?', 3_000, '+a', '?', 3_000, '+a', '?'],
      ['nobody -> ann', 'ann -> ann', 'ann -> ann'],
    ],
    [
      'who stops',
      ['+a', '+b', '?', 1_000, '-a', '?', 1_000, '-b', '?'],
      ['nobody -> ann ben', 'ann ben -> ben', 'ben -> nobody'],
    ],
    [
      'nothing of who stops without having begun, or twice',
      ['-a', '?', '+b', '?', 1_000, '-b', '-b', '?', '?'],
      ['nothing', 'nobody -> ben', 'ben -> nobody', 'nothing'],
    ],
    [
      'nothing of who begins and stops before it could be told',
      ['+a', '?', 500, '+b', '-b', 500, '?'],
      ['nobody -> ann', 'nothing new'],
    ],
    ['who has said something', ['+a', '?', 2_000, '.a', '?'], ['nobody -> ann', 'ann -> nobody']],
    [
      'nothing of a message from before they began',
      ['+a', '?', 2_000, '-a', '?', 1_000, '+a', '?', '.a@2500', '?'],
      ['nobody -> ann', 'ann -> nobody', 'nobody -> ann', 'nothing'],
    ],
    [
      'nothing when the ttl ends it',
      ['+a', '?', TYPING_TTL_MS, '?', '+b', '?'],
      ['nobody -> ann', 'nothing', 'nobody -> ben'],
    ],
    [
      'those who are left, with the next change, where the ttl of one has ended',
      ['+a', 1_000, '+b', '?', 7_000, '?', '+b', '?'],
      ['nobody -> ann ben', 'nothing', 'ann ben -> ben'],
    ],
    [
      'nobody who fell silent, even where that is noticed late',
      ['+a', '?', 7_999, '+b', 1, '?'],
      ['nobody -> ann', 'nobody -> ben'],
    ],
    [
      'who begins again behind the others',
      ['+a', '+b', '?', 1_000, '-a', '+a', '?'],
      ['nobody -> ann ben', 'ann ben -> ben ann'],
    ],
  ])('is told: %s', (_, steps, expected) => {
    expect(play(new TypingSet(1_000), steps)).toEqual(expected);
  });

  it('is bounded: of more nobody hears, until one of them stops', () => {
    const set = new TypingSet(0);
    const begin = (index: number): boolean =>
      set.begin({ id: `p${index}`, username: `p${index}` }, 0, 0);
    for (let index = 0; index < MOST_TYPING; index++) expect(begin(index)).toBe(true);
    expect(begin(MOST_TYPING)).toBe(false);
    // Whoever is among them goes on.
    expect(begin(0)).toBe(true);
    expect(set.take(0)?.now).toHaveLength(MOST_TYPING);
    set.end('p7');
    expect(begin(MOST_TYPING)).toBe(true);
  });

  it('is idle when nobody is typing and all has been told, for as long as once is enough', () => {
    const set = new TypingSet(1_000);
    set.begin({ id: 'a', username: 'ann' }, 0, 0);
    set.take(0);
    expect(set.isIdle(5_000)).toBe(false);
    set.end('a');
    expect(set.isIdle(5_000)).toBe(false);
    set.take(5_000);
    expect([set.isIdle(5_999), set.isIdle(6_000)]).toEqual([false, true]);
  });
});

describe('Who is typing in private', () => {
  it('is told at once, each time', () => {
    expect(play(new TypingSet(0), ['+a', '?', 10, '-a', '?', 10, '+a', '?'])).toEqual([
      'nobody -> ann',
      'ann -> nobody',
      'nobody -> ann',
    ]);
  });
});
