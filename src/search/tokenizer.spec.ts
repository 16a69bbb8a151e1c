import { describe, expect, it } from '@jest/globals';
import { tokenize } from './tokenizer.js';

function textsOf(text: string): string {
  return tokenize(text)
    .map((token) => token.text)
    .join(' ');
}

/** What the tokens cover of the text, in code points. */
function piecesOf(text: string): readonly string[] {
  const points = Array.from(text);
  return tokenize(text).map(({ start, end }) => points.slice(start, end).join(''));
}

describe('The tokens of a text', () => {
  it.each([
    ['words, without case', 'Hello, WORLD!', 'hello world'],
    ['digits and letters as one word', 'v2 3pm 42', 'v2 3pm 42'],
    ['words of other scripts', 'Привет ΣΊΣΥΦΟΣ مرحبا', 'привет σίσυφοσ مرحبا'],
    ['one form of a letter that has two', 'Straße STRASSE ſ', 'strasse strasse s'],
    ['composed what comes in parts', 'Cafe\u0301 caf\u00e9', 'café café'],
    ['full width as plain', 'ＡＢＣ１２３', 'abc123'],
    ['ligatures in parts', 'eﬃcient', 'efficient'],
    ['pairs of a run, and its last', '张三李四', '张三 三李 李四 四'],
    ['a single character', '我', '我'],
    ['Japanese, kanji and kana together', '東京へ行く', '東京 京へ へ行 行く く'],
    ['half-width kana, with their sound marks', 'ｶﾞｲﾄﾞ', 'ガイ イド ド'],
    ['the long mark as part of a run', 'コーヒー', 'コー ーヒ ヒー ー'],
    ['Korean', '안녕하세요', '안녕 녕하 하세 세요 요'],
    ['Korean that comes in Jamo', '안녕'.normalize('NFD'), '안녕 녕'],
    ['runs between words', 'Node20环境ok', 'node20 环境 境 ok'],
    ['no run across a mark', '你好，世界', '你好 好 世界 界'],
    ['characters beyond the first plane', '𠮷野家', '𠮷野 野家 家'],
    ['a character without its variation', '葛\u{e0100}城', '葛城 城'],
    ['nothing invisible', 'he\u200bl\u00adlo 张\u200b三', 'hello 张三 三'],
    ['several characters of one', '㍿と', '株式 式会 会社 社と と'],
    ['numerals and repetition marks as Han', '二〇〇人々', '二〇 〇〇 〇人 人々 々'],
    ['nothing of signs', '.*+?^${}()|[]\\ 👍 "AND"', 'and'],
    ['nothing of nothing', ' \n\t', ''],
    ['nothing of a mark alone', '\u0301', ''],
  ])('are %s', (_what, text, expected) => {
    expect(textsOf(text)).toBe(expected);
  });

  it('are the same, whatever invisible stands between the characters', () => {
    const pieces = ['aB', 'z9', '_', ' ', '.', 'é', 'e\u0301', 'ß', 'ﬁ', '张三', '李', '𠮷', 'カ'];
    for (let n = 0; n < 3_000; n++) {
      // Each of the 2,197 threes, and some of four.
      const digits = [n, n / 13, n / 169, n / 2_197].map((digit) => Math.trunc(digit) % 13);
      const text = digits.map((digit) => pieces[digit]).join('');
      expect([text, textsOf(Array.from(text).join('\u2060'))]).toEqual([text, textsOf(text)]);
    }
  });

  it('know where they stand, in code points of the text as it was given', () => {
    expect(piecesOf('👍 Cafe\u0301 ﬁn 张三')).toEqual(['Cafe\u0301', 'ﬁn', '张三', '三']);
    expect(tokenize('x㍿')).toMatchObject([
      { text: 'x', start: 0, end: 1 },
      { text: '株式', start: 1, end: 2, firstEnd: 2 },
      { text: '式会', start: 1, end: 2 },
      { text: '会社', start: 1, end: 2 },
      { text: '社', kind: 'last', start: 1, end: 2 },
    ]);
  });

  it('tell a long word from others by its first 64 characters', () => {
    expect(tokenize('a'.repeat(100))).toMatchObject([{ text: 'a'.repeat(64), start: 0, end: 100 }]);
  });

  it('are bounded in number and size, whatever the text', () => {
    expect(tokenize('a '.repeat(50_000))).toHaveLength(16_383);
    const sizes = [
      '张'.repeat(50_000),
      `张${'\u0301'.repeat(50_000)}`,
      'z\u0301'.repeat(400_000),
    ].map((text) => tokenize(text).reduce((sum, { text: { length } }) => sum + length, 0));
    for (const size of sizes) expect(size).toBeLessThan(151_000);
  });
});
