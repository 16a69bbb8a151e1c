import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../kernel/refusal.js';
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

  it.each(['', ' ', '\n\t '])('refuses a text without anything in it: %j', (text) => {
    expect(codeOf(text)).toBe('invalid-field');
  });
});
