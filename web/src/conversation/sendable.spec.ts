import { describe, expect, it } from '@jest/globals';
import { isBlank, sendable } from './sendable.js';

describe('what is sent of a text', () => {
  it.each([
    ['a vertical tab', 'a\u000bb', 'a\nb'],
    ['a form feed', 'a\fb', 'a\nb'],
    ['the line ends of Windows', 'a\r\nb\r\n\r\nc', 'a\nb\n\nc'],
    ['those of an old Mac', 'a\rb', 'a\nb'],
    ['those of Unicode and of EBCDIC', 'a\u2028b\u2029c\u0085d', 'a\nb\nc\nd'],
    ['a null and a bell', '\u0000a\u0007b', 'ab'],
    ['an escape sequence', '\u001b[31mred\u001b[0m', '[31mred[0m'],
    ['a delete and a C1 control', 'a\u007fb\u009bc', 'abc'],
    ['half a character', 'a\ud83db\ude00', 'ab'],
    ['a tab, an emoji and a joiner, which stay', '\ta 👩‍💻 می‌خواهم', '\ta 👩‍💻 می‌خواهم'],
  ])('without %s', (_, text, sent) => {
    expect(sendable(text)).toBe(sent);
  });

  it.each(['', ' \n\t', '\u200b', '\u2800', '\u3164', '\ufeff\u00ad', '\u200d\ufe0f'])(
    'is nothing where nothing would be seen: %j',
    (text) => {
      expect(isBlank(text)).toBe(true);
    },
  );

  it.each(['a', '你', '👍', '.', '\u200ba', '\u{e000}'])('is what can be seen: %j', (text) => {
    expect(isBlank(text)).toBe(false);
  });
});
