import { describe, expect, it } from '@jest/globals';
import { fileNameOf } from './file-name.js';

describe('fileNameOf', () => {
  it.each([
    ['plan.pdf', 'plan.pdf'],
    ['计划 (1).pdf', '计划 (1).pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ann\\plan.pdf', 'plan.pdf'],
    ['folder/', 'folder'],
    ['a\r\nSet-Cookie: x', 'aSet-Cookie: x'],
    ['a\u0000b\u2028c', 'abc'],
    ['\u202Efdp.exe', 'fdp.exe'],
    ['e\u0301', '\u00e9'],
    ['\ud800x', 'x'],
    ['.env', 'env'],
    ['...', 'file'],
    ['  ', 'file'],
    ['/', 'file'],
    ['😀'.repeat(300), '😀'.repeat(255)],
  ])('makes of %j a name', (given, name) => {
    expect(fileNameOf(given)).toBe(name);
  });
});
