import { describe, expect, it } from '@jest/globals';
import { randomSecret, UlidFactory } from './ids.js';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

describe('UlidFactory', () => {
  it('makes 26 characters of the Crockford alphabet', () => {
    const factory = new UlidFactory();

    for (const time of [0, 1, 1_700_000_000_000, 2 ** 48 - 1]) {
      expect(factory.next(time)).toMatch(ULID);
    }
  });

  it('tells the time in its first ten characters', () => {
    // The example of the ULID specification.
    expect(new UlidFactory().next(1_469_918_176_385).slice(0, 10)).toBe('01ARYZ6S41');
  });

  it('sorts ids by the time of their making', () => {
    const factory = new UlidFactory();
    const ids = [1, 2, 31, 32, 1_023, 1_024, 1_700_000_000_000].map((time) => factory.next(time));

    expect(ids.toSorted()).toEqual(ids);
  });

  it('sorts 10,000 ids of one millisecond by the order of their making', () => {
    const factory = new UlidFactory();
    const ids = Array.from({ length: 10_000 }, () => factory.next(1_700_000_000_000));

    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(10_000);
    expect(new Set(ids.map((id) => id.slice(0, 10))).size).toBe(1);
  });

  it('keeps the order when the clock is set back', () => {
    const factory = new UlidFactory();
    const before = factory.next(1_700_000_000_000);
    const during = factory.next(1_600_000_000_000);
    const after = factory.next(1_700_000_000_001);

    expect([before, during, after].toSorted()).toEqual([before, during, after]);
    expect(during.slice(0, 10)).toBe(before.slice(0, 10));
  });

  it('does not repeat another factory of the same millisecond', () => {
    const ids = Array.from({ length: 1_000 }, () => new UlidFactory().next(1_700_000_000_000));

    expect(new Set(ids).size).toBe(1_000);
  });
});

describe('randomSecret', () => {
  it('has 256 bits in characters that a URL takes as they are', () => {
    expect(randomSecret()).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 1_000 }, randomSecret)).size).toBe(1_000);
  });
});
