import { describe, expect, it } from '@jest/globals';
import { shownTypeOf } from './shown-type.js';

const UNKNOWN = 'application/octet-stream';
const PICTURE = { width: 1, height: 1 };

describe('shownTypeOf', () => {
  it.each([
    ['text/html', 'image/png', PICTURE, 'image/png'],
    ['image/png', 'image/png', null, UNKNOWN],
    ['image/png', UNKNOWN, null, UNKNOWN],
    ['image/svg+xml', UNKNOWN, null, UNKNOWN],
    ['text/html', UNKNOWN, null, UNKNOWN],
    ['text/plain', UNKNOWN, null, 'text/plain'],
    ['text/csv', UNKNOWN, null, 'text/csv'],
    ['text/plain', 'application/zip', null, 'application/zip'],
    ['image/png', 'application/pdf', null, 'application/pdf'],
  ])('of what is said to be %s and is %s (picture: %j) says %s', (type, found, picture, shown) => {
    expect(shownTypeOf({ type, content: { size: 1, type: found, picture } })).toBe(shown);
  });

  it('says nothing of what has not arrived', () => {
    expect(shownTypeOf({ type: 'text/plain', content: null })).toBe(UNKNOWN);
  });
});
