import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../kernel/refusal.js';
import { parseQuery, phrasesOf } from './query-parser.js';

/** `hello`, `-hello`, `张三…` where more may follow, `a·b` for neighbours. */
function readingOf(q: string): string {
  return parseQuery(q)
    .map(({ isExcluded, tokens, isOpen }) => {
      const texts = tokens.map(({ text }) => text).join('·');
      return `${isExcluded ? '-' : ''}${texts}${isOpen ? '…' : ''}`;
    })
    .join(' ');
}

/** What an index is asked: phrases in brackets. */
function askedOf(q: string): string {
  return parseQuery(q)
    .map((term) => phrasesOf(term).map((phrase) => `[${phrase.join(' ')}]`))
    .join(' ');
}

describe('A query', () => {
  it.each([
    ['words', 'Hello World', 'hello world'],
    ['a phrase', '"hello world" x', 'hello·world x'],
    ['a phrase in Chinese quotation marks', '“你好 世界”', '你好·好·世界'],
    ['a phrase that is not ended', 'x "hello world', 'x hello·world'],
    ['what is to be missing', 'a -b -"c d"', 'a -b -c·d'],
    ['one character', '张', '张…'],
    ['two characters', '张三', '张三'],
    ['three and more as a phrase', '张三李', '张三·三李'],
    ['a word with a mark in it as a phrase', "don't foo-bar", 'don·t foo·bar'],
    ['a word and a run that touch', 'hello世界', 'hello·世界'],
    ['a run that ends in the middle', '"世界 hello"', '世界·界·hello'],
    ['a single character at the end of a phrase', '"hello 世"', 'hello·世…'],
    ['operators as words', 'a AND b OR NOT NEAR(c d)', 'a and b or not near·c d'],
    ['the syntax of others as nothing', 'text:a* ^b {c}', 'text·a b c'],
    ['signs as nothing', 'a .* 👍 - --', 'a'],
    ['minus and what looks like it', 'a --b well-known', 'a -b well·known'],
  ])('reads %s', (_what, q, expected) => {
    expect(readingOf(q)).toBe(expected);
  });

  it.each([
    ['a single character anywhere', '张', '[张]'],
    ['a phrase', '张三李', '[张三 三李]'],
    ['apart what may not be neighbours', '"hello 世"', '[hello],[世]'],
    ['nothing that would exclude too much', 'a -"hello 世" -b', '[a]  [b]'],
  ])('asks an index for %s', (_what, q, expected) => {
    expect(askedOf(q)).toBe(expected);
  });

  it.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['signs', '.*+?()[]'],
    ['what is to be missing only', '-a -b'],
    ['nine terms', 'a b c d e f g h i'],
    ['201 code points', 'a'.repeat(201)],
    ['201 of the second plane', '𠮷'.repeat(201)],
  ])('is refused where it is %s', (_what, q) => {
    expect(() => parseQuery(q)).toThrow(new Refusal('invalid-field'));
  });

  it('may have eight terms, and 200 code points of any plane', () => {
    expect(parseQuery('a b c d e f g -h . !')).toHaveLength(8);
    expect(parseQuery('𠮷'.repeat(200))).toHaveLength(1);
  });
});
