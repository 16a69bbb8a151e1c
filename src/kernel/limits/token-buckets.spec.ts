import { beforeEach, describe, expect, it } from '@jest/globals';
import { TokenBuckets } from './token-buckets.js';
import { HandClock } from '../../../test/support/hand-clock.js';

let clock: HandClock;

beforeEach(() => {
  clock = new HandClock();
});

function takeTimes(buckets: TokenBuckets, key: string, times: number): readonly number[] {
  return Array.from({ length: times }, () => buckets.take(key));
}

describe('TokenBuckets', () => {
  it('lets a key spend its burst at once and then tells how long to wait', () => {
    const buckets = new TokenBuckets(clock, 2, 3);

    expect(takeTimes(buckets, 'ann', 5)).toEqual([0, 0, 0, 500, 500]);
  });

  it('earns tokens back at its rate, and the wait that it told is enough', () => {
    const buckets = new TokenBuckets(clock, 3, 1);
    buckets.take('ann');

    const wait = buckets.take('ann');
    clock.time += wait;

    expect(wait).toBe(334);
    expect(buckets.take('ann')).toBe(0);
    expect(buckets.take('ann')).toBeGreaterThan(0);
  });

  it('tells a wait that is enough whatever its rate and the time are', () => {
    for (const rate of [1 / 30, 1 / 7, 0.3, 3]) {
      for (let start = 0; start < 100_000; start += 337.77) {
        const buckets = new TokenBuckets(clock, rate, 1);
        clock.time = start;
        buckets.take('ann');
        clock.time += buckets.take('ann');

        expect(buckets.take('ann')).toBe(0);
      }
    }
  });

  it('never saves up more than the burst', () => {
    const buckets = new TokenBuckets(clock, 10, 2);
    takeTimes(buckets, 'ann', 2);
    clock.time += 3_600_000;

    expect(takeTimes(buckets, 'ann', 3)).toEqual([0, 0, 100]);
  });

  it('keeps the keys apart', () => {
    const buckets = new TokenBuckets(clock, 1, 1);
    buckets.take('ann');

    expect(buckets.take('ann')).toBe(1_000);
    expect(buckets.take('bob')).toBe(0);
  });

  it('has no limit, and keeps nothing, where the rate is 0', () => {
    const buckets = new TokenBuckets(clock, 0, 1);

    expect(Math.max(...takeTimes(buckets, 'ann', 1_000))).toBe(0);
    expect(buckets.size).toBe(0);
  });

  it('gives a full bucket back on a reset', () => {
    const buckets = new TokenBuckets(clock, 1, 2);
    takeTimes(buckets, 'ann', 3);

    buckets.reset('ann');

    expect(takeTimes(buckets, 'ann', 3)).toEqual([0, 0, 1_000]);
  });

  it('tells the wait on a peek without spending or keeping anything', () => {
    const buckets = new TokenBuckets(clock, 1, 1);

    expect([buckets.peek('ann'), buckets.peek('ann'), buckets.size]).toEqual([0, 0, 0]);
    buckets.take('ann');
    expect(buckets.peek('ann')).toBe(1_000);
    clock.time += 1_000;
    expect([buckets.peek('ann'), buckets.take('ann')]).toEqual([0, 0]);
  });

  it('keeps no more keys than its capacity, however many come', () => {
    const buckets = new TokenBuckets(clock, 1, 1, 100);
    for (let i = 0; i < 10_000; i++) buckets.take(`address-${i}`);

    expect(buckets.size).toBe(100);
  });

  it('forgets the key that was touched longest ago, not the one that came first', () => {
    const buckets = new TokenBuckets(clock, 0.001, 1, 2);
    buckets.take('ann');
    buckets.take('bob');
    clock.time += 1_000;
    buckets.take('ann');
    buckets.take('cid');

    expect(buckets.take('ann')).toBeGreaterThan(0);
    expect(buckets.take('bob')).toBe(0);
  });

  it('spends what something costs, and tells the wait until there is so much', () => {
    const buckets = new TokenBuckets(clock, 10, 20);

    expect([buckets.take('ann', 15), buckets.take('ann', 15), buckets.take('ann', 5)]).toEqual([
      0, 1_000, 0,
    ]);
    clock.time += 1_500;
    expect(buckets.take('ann', 15)).toBe(0);
  });

  it('lets through what costs more than the burst where the bucket is full, and is owed the rest', () => {
    const buckets = new TokenBuckets(clock, 10, 20);

    expect(buckets.take('ann', 30)).toBe(0);
    expect(buckets.take('ann')).toBe(1_100);
    clock.time += 2_900;
    expect(buckets.take('ann', 30)).toBe(100);
  });

  it('is owed no more than a whole bucket', () => {
    const buckets = new TokenBuckets(clock, 10, 20);
    buckets.debit('ann', 1_000);

    expect(buckets.take('ann')).toBe(2_100);
  });

  it('asks nothing for what costs nothing', () => {
    const buckets = new TokenBuckets(clock, 10, 20);
    buckets.debit('ann', 1_000);

    expect(buckets.take('ann', 0)).toBe(0);
  });
});
