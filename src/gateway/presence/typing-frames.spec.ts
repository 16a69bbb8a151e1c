import { describe, expect, it } from '@jest/globals';
import type { TypingFrame } from '@parley/protocol';
import type { TypingNews } from '../../presence/typing-set.js';
import { typingFramesFor } from './typing-frames.js';

/** `ab`: Ann and Ben, by their letters. */
function news(before: string, now: string): TypingNews {
  const people = (letters: string): TypingNews['now'] =>
    Array.from(letters, (id) => ({ id, username: id.toUpperCase() }));
  return { before: people(before), now: people(now) };
}

/** What each is told: those who are named, and how many there are; `-` for nothing. */
function told(given: TypingNews): Readonly<Record<string, string>> {
  const { frame, inPlace } = typingFramesFor(given, { room: 'lobby' });
  const text = (one: typeof frame | null): string => {
    if (one === null) return '-';
    const { data, total } = one.frame as TypingFrame;
    return `${data.map(({ id }) => id).join('')} ${total}`;
  };
  return {
    others: text(frame),
    ...Object.fromEntries([...inPlace].map(([id, one]) => [id, text(one)])),
  };
}

describe('What a room is told of who is typing', () => {
  it.each<[string, TypingNews, Readonly<Record<string, string>>]>([
    ['who begins', news('', 'a'), { others: 'a 1', a: '-' }],
    ['who joins them', news('a', 'ab'), { others: 'ab 2', a: 'b 1', b: 'a 1' }],
    ['who stops', news('ab', 'b'), { others: 'b 1', a: 'b 1', b: ' 0' }],
    ['that nobody is left', news('a', ''), { others: ' 0', a: '-' }],
    ['again who goes on alone', news('a', 'a'), { others: 'a 1', a: '-' }],
    ['again who goes on among others', news('ab', 'ab'), { others: 'ab 2', a: 'b 1', b: 'a 1' }],
    [
      'five of them by name',
      news('', 'abcdefg'),
      {
        ...{ others: 'abcde 7', f: 'abcde 6', g: 'abcde 6' },
        ...{ a: 'bcdef 6', b: 'acdef 6', c: 'abdef 6', d: 'abcef 6', e: 'abcdf 6' },
      },
    ],
  ])('is the whole set, but for oneself: %s', (_, given, expected) => {
    expect(told(given)).toEqual(expected);
  });

  it('is encoded a few times, however many are typing', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    const { frame, inPlace } = typingFramesFor(news('', letters), { room: 'lobby' });
    expect(inPlace.size).toBe(letters.length);
    expect(new Set([frame, ...inPlace.values()]).size).toBe(7);
  });

  it('names the conversation and the ttl, and is from nobody', () => {
    expect(typingFramesFor(news('', 'a'), { room: 'lobby' }).frame.frame).toEqual({
      type: 10,
      user: null,
      room: 'lobby',
      data: [{ id: 'a', username: 'A' }],
      total: 1,
      ttl: 8_000,
    });
  });
});
