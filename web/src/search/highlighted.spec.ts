import { describe, expect, it } from '@jest/globals';
import { piecesOf } from './highlighted.js';

describe('What was found in a text', () => {
  it.each<[title: string, text: string, ranges: [number, number][], cut: string]>([
    ['is cut out', 'hello world', [[6, 11]], 'hello |[world]'],
    ['is counted in characters, not in halves of them', '👍👍 张三', [[3, 5]], '👍👍 |[张三]'],
    ['may be all of it', 'hello', [[0, 5]], '[hello]'],
    ['may be nothing', 'hello', [], 'hello'],
    [
      'may overlap',
      'abcdef',
      [
        [0, 3],
        [2, 4],
      ],
      '[abc]|[d]|ef',
    ],
    [
      'is passed by where it lies outside',
      'abc',
      [
        [2, 9],
        [12, 14],
      ],
      'ab|[c]',
    ],
    ['is text, whatever it looks like', '<b>x</b>', [[3, 4]], '<b>|[x]|</b>'],
  ])('%s', (_, text, ranges, cut) => {
    const pieces = piecesOf(text, ranges);
    const shown = pieces.map((piece) => (piece.isFound ? `[${piece.text}]` : piece.text));
    expect(shown.join('|')).toBe(cut);
    expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  });
});
