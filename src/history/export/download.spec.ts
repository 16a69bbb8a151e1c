import { describe, expect, it } from '@jest/globals';
import { contentDisposition } from './download.js';

describe('contentDisposition', () => {
  it('names the file in ASCII and, for who can read it, in full', () => {
    expect(contentDisposition('parley-@李雷-2026-11-20.csv')).toBe(
      `attachment; filename="parley-@__-2026-11-20.csv"; ` +
        `filename*=UTF-8''parley-%40%E6%9D%8E%E9%9B%B7-2026-11-20.csv`,
    );
  });

  it.each([
    'a"; x="b',
    'a\r\nSet-Cookie: x=1',
    '../../etc/passwd',
    'a\\b',
    "a'b",
    'a\ud800b',
    '\u202eb',
  ])('lets nothing end the header or leave the folder: %j', (name) => {
    expect(contentDisposition(name)).toMatch(
      /^attachment; filename="[\w.@-]+"; filename\*=UTF-8''(?:[\w.-]|%[\dA-F]{2})+$/,
    );
    expect(contentDisposition(name)).not.toMatch(/[="']\.\./);
  });
});
