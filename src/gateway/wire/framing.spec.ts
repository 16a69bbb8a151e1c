import { describe, expect, it } from '@jest/globals';
import { frameText } from './framing.js';

describe('A text frame', () => {
  it.each([
    ['an empty text', '', '8100'],
    ['a short text', 'hi', '81026869'],
    ['the length in bytes, not in characters', '张', '8103e5bca0'],
  ])('of %s is 0x81, the length, the text', (_case, text, hex) => {
    expect(frameText(text).toString('hex')).toBe(hex);
  });

  it.each([
    [125, '817d'],
    [126, '817e007e'],
    [65_535, '817effff'],
    [65_536, '817f0000000000010000'],
  ])('of %i bytes uses the shortest form of the length', (length, head) => {
    const bytes = frameText('x'.repeat(length));
    expect(bytes.subarray(0, head.length / 2).toString('hex')).toBe(head);
    expect(bytes.length).toBe(head.length / 2 + length);
  });
});
