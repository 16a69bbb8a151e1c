import { describe, expect, it } from '@jest/globals';
import { byteRangeOf } from './byte-range.js';

describe('byteRangeOf', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=0-99', { start: 0, end: 99 }],
    ['bytes=10-', { start: 10, end: 99 }],
    ['bytes=99-', { start: 99, end: 99 }],
    ['bytes=5-1000', { start: 5, end: 99 }],
    ['bytes=-1', { start: 99, end: 99 }],
    ['bytes=-1000', { start: 0, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=100-200', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=-', 'all'],
    ['bytes=9-3', 'all'],
    ['bytes=0-1,5-6', 'all'],
    ['bytes = 0-1', 'all'],
    ['lines=0-1', 'all'],
    ['bytes=a-b', 'all'],
    [`bytes=0-${'9'.repeat(400)}`, 'all'],
    ['', 'all'],
    [undefined, 'all'],
  ])('reads %j of a hundred bytes', (header, range) => {
    expect(byteRangeOf(header, 100)).toEqual(range);
  });

  it('has no part of an empty file', () => {
    expect(byteRangeOf('bytes=0-', 0)).toBe('unsatisfiable');
    expect(byteRangeOf('bytes=-1', 0)).toBe('unsatisfiable');
  });
});
