import { describe, expect, it } from '@jest/globals';
import { Backoff } from './backoff.js';

const ALMOST_ONE = 0.999_999;

describe('Backoff', () => {
  it('doubles the bound of the delay with each failure, up to the cap', () => {
    const backoff = new Backoff({ base: 500, cap: 30_000, random: () => ALMOST_ONE });
    const delays = Array.from({ length: 9 }, () => backoff.next());
    expect(delays).toEqual([499, 999, 1999, 3999, 7999, 15_999, 29_999, 29_999, 29_999]);
  });

  it('spreads clients over the whole of the bound, down to no delay', () => {
    const backoff = new Backoff({ random: () => 0 });
    backoff.next();
    expect(backoff.next()).toBe(0);
  });

  it('begins anew after a success', () => {
    const backoff = new Backoff({ base: 500, random: () => ALMOST_ONE });
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.attempts).toBe(0);
    expect(backoff.next()).toBe(499);
  });

  it('waits at least as long as the service suggested, and never beyond the cap', () => {
    const backoff = new Backoff({ base: 500, cap: 30_000, random: () => 0.5 });
    expect(backoff.next(2_000)).toBe(2_250);
    expect(backoff.next(600_000)).toBe(30_000);
  });

  it('stays finite after thousands of failures', () => {
    const backoff = new Backoff({ random: () => ALMOST_ONE });
    for (let i = 0; i < 5_000; i++) backoff.next();
    expect(backoff.next()).toBe(29_999);
  });
});
