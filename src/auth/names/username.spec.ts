import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Refusal } from '../../kernel/refusal.js';
import { parseUsername, readUsername, type Username } from './username.js';

const MAX = 32;

function read(text: string): Username {
  const name = readUsername(text, MAX);
  if (name === null) throw new Error('refused');
  return name;
}

function codeOf(text: string): string {
  try {
    parseUsername(text, MAX);
    return 'accepted';
  } catch (error) {
    return error instanceof Refusal ? error.code : 'internal';
  }
}

describe('a name that is accepted', () => {
  it.each([
    ['ann', 'ann', 'ann'],
    ['Ann', 'Ann', 'ann'],
    ['张三', '张三', '张三'],
    ['用户7', '用户7', '用户7'],
    ['José', 'José', 'josé'],
    ['Jose\u0301', 'José', 'josé'],
    ['ＡＮＮ９', 'ANN9', 'ann9'],
    ['ｶﾞｽ', 'ガス', 'ガス'],
    ['Ἰωάννης', 'Ἰωάννης', 'ἰωάννης'],
    ['Анна', 'Анна', 'анна'],
    ['דוד', 'דוד', 'דוד'],
    ['علي7', 'علي7', 'علي7'],
    ["o'neil_x.y-z+1", "o'neil_x.y-z+1", "o'neil_x.y-z+1"],
    ['col·legi', 'col·legi', 'col·legi'],
    ['アン・リー', 'アン・リー', 'アン・リー'],
    ['Straße', 'Straße', 'straße'],
    ['〇', '〇', '〇'],
  ])('%s is shown as %s and compared as %s', (text, displayed, canonical) => {
    expect(read(text)).toMatchObject({ displayed, canonical });
  });

  it('reads its own canonical form as the same name', () => {
    for (const text of ['ANN', 'ΟΔΟΣ', 'İstanbul', 'ẞTRASSE', 'Ａｎｎ']) {
      const { canonical } = read(text);
      expect(read(canonical).canonical).toBe(canonical);
    }
  });

  it('may have as many code points as the setting says, whatever units they take', () => {
    expect(codeOf('𠀀'.repeat(MAX))).toBe('accepted');
    expect(codeOf('𠀀'.repeat(MAX + 1))).toBe('username-invalid');
    expect(codeOf('e\u0301'.repeat(MAX))).toBe('accepted');
  });
});

describe('a name that is refused [S34]', () => {
  it.each([
    ['nothing', ''],
    ['a space', 'a b'],
    ['an ideographic space', 'a\u3000b'],
    ['a no-break space', 'a\u00A0b'],
    ['a tab', 'a\tb'],
    ['a line break', 'a\r\nb'],
    ['NUL', 'a\0b'],
    ['DEL', 'a\x7Fb'],
    ['a C1 control', 'a\u0085b'],
    ['a zero-width space', 'a\u200Bb'],
    ['a zero-width joiner', 'a\u200Db'],
    ['a word joiner', 'a\u2060b'],
    ['a byte order mark', '\uFEFFann'],
    ['a soft hyphen', 'a\u00ADb'],
    ['a Hangul filler', 'a\u3164'],
    ['a variation selector', 'a\uFE0F'],
    ['a tag character', 'a\u{E0041}'],
    ['a right-to-left override', 'a\u202Eb'],
    ['a right-to-left mark', 'a\u200Fb'],
    ['an isolate', 'a\u2066b'],
    ['a lone surrogate', 'a\uD800'],
    ['a private-use character', 'a\uE000'],
    ['an unassigned code point', 'a\u0378'],
    ['a noncharacter', 'a\uFFFF'],
    ['an emoji', 'ann😀'],
    ['a symbol', 'ann™'],
    ['a mathematical letter', '𝐚𝐧𝐧'],
    ['a circled letter', 'ⓐnn'],
    ['a ligature', 'ﬁ'],
    ['a superscript digit', 'ann²'],
    ['a fraction slash', 'a⁄b'],
    ['a slash', 'a/b'],
    ['a wide slash', 'a／b'],
    ['a colon', 'a:b'],
    ['an at sign in front', '@ann'],
    ['a wide at sign in front', '＠ann'],
    ['a path of one dot', '.'],
    ['a path of two dots', '..'],
    ['a middle dot between other letters', 'a·b'],
    ['a Hebrew geresh after a Latin letter', 'a\u05F3'],
    ['a Katakana middle dot among Latin letters', 'a・b'],
    ['Arabic digits of two kinds', 'ع٠۰'],
    ['Arabic and European digits together', 'ع٠1'],
    ['a Latin letter after Hebrew ones', 'דודa'],
    ['a Hebrew letter after Latin ones', 'aדוד'],
    ['a Hebrew name that begins with a digit', '1דוד'],
    ['a Hebrew name that ends with punctuation', 'דוד.'],
    ['a mark without a letter', '\u0301ann'],
    ['a pile of marks', 'a\u0301\u0302\u0303\u0304\u0306\u0307'],
    ['a mark twice', 'x\u0335\u0335'],
    ['an old Hangul letter', '\u1100\u1113'],
    ['an Arabic tatweel', 'عـلي'],
  ])('has %s', (_what, text) => {
    expect(codeOf(text)).toBe('username-invalid');
  });
});

describe('names that look the same [S34]', () => {
  it.each([
    ['admin', 'аdmin'],
    ['admin', 'ADMІN'],
    ['admin', 'аԁміո'],
    ['paypal', 'paypaI'],
    ['PAYPAL', 'раураӏ'],
    ['nick', 'Νick'],
    ['vick', 'νick'],
    ['hello', 'ΗЕLLО'],
    ['bob', 'b0b'],
    ['bob', 'Вοb'],
    ['user1', 'userl'],
    ['morning', 'rnorning'],
    ['max', 'мах'],
    ['sam', 'ѕаm'],
    ['kate', 'КАТЕ'],
    ['jim', 'јim'],
    ['jim', 'ji\u0307m'],
    ['oscar', 'օscar'],
    ['ann', 'ａｎｎ'],
    ['力', 'カ'],
    ['口', 'ロ'],
    ['ヘレン', 'へレン'],
  ])('have one skeleton: %s and %s', (one, other) => {
    expect(read(other).skeleton).toBe(read(one).skeleton);
  });

  it.each([
    ['ann', 'anna'],
    ['ann', 'ánn'],
    ['张三', '张二'],
    ['user1', 'user2'],
    ['Анна', 'Alla'],
    ['bob', 'rob'],
    ['guest-11', 'guest-12'],
  ])('are told apart where they can be: %s and %s', (one, other) => {
    expect(read(other).skeleton).not.toBe(read(one).skeleton);
  });

  it('have one skeleton in every case that they can be written in', () => {
    for (const text of ['william', 'Φοῖβος', 'анжела', 'jörg']) {
      expect(read(text.toUpperCase()).canonical).toBe(read(text).canonical);
    }
  });
});

describe('a text made to be slow', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const LENGTH = 64 * 1024;

  it.each([
    ['one letter', 'a'],
    ['one mark', '\u0301'],
    ['Hebrew and Latin', 'אa'],
    ['middle dots', '·'],
    ['characters that expand', '\uFDFA'],
    ['wide forms', 'Ａ'],
  ])('is refused before anything looks at it: 64 KiB of %s', (_what, piece) => {
    const text = piece.repeat(LENGTH / piece.length);
    const normalize = jest.spyOn(String.prototype, 'normalize');

    expect(readUsername(text, MAX)).toBeNull();
    expect(normalize).not.toHaveBeenCalled();
  });
});
