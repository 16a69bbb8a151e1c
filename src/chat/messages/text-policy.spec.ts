import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../../kernel/refusal.js';
import { checkText } from './text-policy.js';

function codeOf(text: string, limit = 10): string {
  try {
    checkText(text, limit);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('The text policy', () => {
  it.each(['hi', '你好', 'two\nlines\tand a tab', '👋🏽', ' leading'])('accepts %j', (text) => {
    expect(codeOf(text, 30)).toBe('accepted');
  });

  it('counts code points, not bytes and not UTF-16 units', () => {
    expect(codeOf('😀'.repeat(10))).toBe('accepted');
    expect(codeOf('😀'.repeat(11))).toBe('text-too-long');
    expect(codeOf('x'.repeat(11))).toBe('text-too-long');
  });

  it.each(['\u0000', 'a\u0007b', '\u001b[31m', 'a\rb', '\u007f', '\ud800', 'x\udc00y'])(
    'refuses control characters and halves of characters: %j [S35]',
    (text) => {
      expect(codeOf(text)).toBe('invalid-field');
    },
  );

  it.each(['a\u0080', '\u0085', 'a\u009bb', '\u009b31mred', 'x\u009f', 'a\u0090b\u009c'])(
    'refuses control characters beyond ASCII: %j [S35] [S55]',
    (text) => {
      expect(codeOf(text, 30)).toBe('invalid-field');
    },
  );

  it.each(['', ' ', '\n\t '])('refuses a text without anything in it: %j', (text) => {
    expect(codeOf(text)).toBe('invalid-field');
  });

  it.each(
    Object.entries({
      'a zero-width space': '\u200b',
      'a word joiner': '\u2060',
      'a byte order mark': '\ufeff',
      'a no-break space': '\u00a0\u202f\u2007',
      'wide and thin spaces': '\u3000\u2003\u200a\u1680\u205f',
      'line and paragraph separators': '\u2028\u2029',
      'a Braille pattern without a dot': '\u2800\u2800',
      'a soft hyphen': '\u00ad',
      'joiners alone': '\u200d\u200c\u200d',
      'combining marks alone': '\u0301\u0323\u20dd',
      'a vowel sign alone': '\u093e',
      'a grapheme joiner': '\u034f',
      'variation selectors': '\ufe0f\ufe00\u{e0100}\u180b',
      'direction marks, overrides and isolates': '\u200e\u200f\u061c\u202e\u202c\u2066\u2069',
      'deprecated format characters': '\u206a\u206f',
      'Hangul fillers': '\u3164\u115f\u1160\uffa0',
      'Khmer inherent vowels': '\u17b4\u17b5',
      'a Mongolian vowel separator': '\u180e',
      tags: '\u{e0001}\u{e0041}\u{e007f}',
      'invisible operators': '\u2061\u2062\u2063\u2064',
      'musical format characters and a null notehead': '\u{1d173}\u{1d17a}\u{1d159}',
      'shorthand format characters': '\u{1bca0}\u{1bca3}',
      'Egyptian blanks and joiners': '\u{13441}\u{13442}\u{13430}',
      'annotation marks and an object replacement': '\ufff9\ufffa\ufffb\ufffc',
      noncharacters: '\ufffe\uffff\ufdd0\u{1fffe}',
      'code points kept for what shows nothing': '\u2065\ufff0\u{e0fff}',
      'some of each, with blanks and line breaks': ' \n\u200b\t\u2800\u0301\ufe0f\u3164 ',
    }),
  )('refuses a text of which nothing can be seen: %s [S55]', (_name, text) => {
    expect(codeOf(text, 30)).toBe('invalid-field');
  });

  it.each(
    Object.entries({
      'Persian with a non-joiner': 'می\u200cخواهم',
      'Devanagari with a joiner and a virama': 'क\u094d\u200dष',
      'Sinhala with a joiner': 'ශ්\u200dරී',
      'a family of joined emoji': '👨\u200d👩\u200d👧\u200d👦',
      'a heart with a variation selector': '❤\ufe0f',
      'a keycap': '1\ufe0f\u20e3',
      'a flag of tags': '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
      'a flag of two letters': '🇨🇳',
      'a skin tone': '👋🏽',
      'Hebrew with points and a direction mark': '\u200fשָׁלוֹם',
      'Thai with marks': 'ที่นี่',
      'decomposed Latin': 'e\u0301',
      'Hangul of jamo': '\u1112\u1161\u11ab',
      'an Arabic number sign and its digits': '\u0600\u0661\u0662',
      'a Braille pattern with dots': '\u2801',
      'a single dot': '.',
      'a letter among what shows nothing': '\u200b\u2800a\u200b',
      'an ideographic space between characters': '你\u3000好',
      'a private character, as icon fonts have them': '\ue000',
      'a code point of a later Unicode': '\u{1faff}',
    }),
  )('accepts what writing and emoji need: %s', (_name, text) => {
    expect(codeOf(text, 30)).toBe('accepted');
  });
});
