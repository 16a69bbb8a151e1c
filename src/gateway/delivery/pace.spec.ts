import { beforeEach, describe, expect, it } from '@jest/globals';
import { Turn } from '../../kernel/turn.js';
import { Pace } from './pace.js';
import { HandClock } from '../../../test/support/hand-clock.js';

describe('The pace', () => {
  let clock: HandClock;

  beforeEach(() => {
    clock = new HandClock();
  });

  /** A hub whose flushes take this long and carry this many messages. */
  function pace(cost: number, carried: number): { pace: Pace; flushes: number[] } {
    const flushes: number[] = [];
    const made = new Pace(clock, new Turn(clock, clock), () => {
      flushes.push(clock.time);
      clock.time += cost;
      return carried;
    });
    return { pace: made, flushes };
  }

  it('flushes in the same turn when it is quiet, and once for many requests', () => {
    const { pace: quiet, flushes } = pace(0.01, 3);
    for (let i = 0; i < 10; i++) quiet.request();
    expect(flushes).toEqual([]);
    clock.advance(0);
    expect(flushes).toHaveLength(1);
    quiet.request();
    clock.advance(0);
    expect(flushes).toHaveLength(2);
  });

  it('waits after a costly flush that gathered several messages, at most ten milliseconds', () => {
    const { pace: busy, flushes } = pace(50, 5);
    busy.request();
    clock.advance(0);
    busy.request();
    clock.advance(9);
    expect(flushes).toHaveLength(1);
    clock.advance(1);
    expect(flushes).toHaveLength(2);
  });

  it('does not wait where the last flush is long ago', () => {
    const { pace: busy, flushes } = pace(5, 5);
    busy.request();
    clock.advance(0);
    clock.advance(1_000);
    busy.request();
    clock.advance(0);
    expect(flushes).toHaveLength(2);
  });

  it('stops waiting where waiting gathers nothing', () => {
    const flushes: number[] = [];
    let carried = 5;
    const lone = new Pace(clock, new Turn(clock, clock), () => {
      flushes.push(clock.time);
      clock.time += 5;
      return carried;
    });
    lone.request();
    clock.advance(0);
    carried = 1;
    for (let i = 0; i < 12; i++) {
      lone.request();
      clock.advance(20);
    }
    lone.request();
    const before = clock.time;
    clock.advance(0);
    expect(flushes.at(-1)).toBe(before);
  });

  it('finds out that waiting would gather several, where each comes right behind a flush', () => {
    const gathered: number[] = [];
    let arrived = 0;
    const even = new Pace(clock, new Turn(clock, clock), () => {
      gathered.push(arrived);
      clock.time += 4;
      const carried = arrived;
      arrived = 0;
      return carried;
    });
    let next = 0;
    while (next < 500) {
      if (clock.time >= next) {
        arrived++;
        even.request();
        next += 5;
      }
      clock.advance(0.5);
    }
    const late = gathered.slice(-20);
    expect(late.reduce((sum, one) => sum + one, 0) / late.length).toBeGreaterThan(2);
  });

  it('does not wait for the end of a turn that lasts', async () => {
    const { pace: crowded, flushes } = pace(20, 2);
    crowded.request();
    clock.time += 11;
    crowded.request();
    crowded.request();
    await Promise.resolve();
    expect(flushes).toHaveLength(1);
    crowded.request();
    await Promise.resolve();
    expect(flushes).toHaveLength(2);
  });

  it('lets presence wait, and takes it along with what comes before', () => {
    const { pace: calm, flushes } = pace(0.01, 1);
    calm.requestWithin(1_000);
    calm.requestWithin(100);
    clock.advance(99);
    expect(flushes).toHaveLength(0);
    clock.advance(1);
    expect(flushes).toHaveLength(1);
    calm.requestWithin(100);
    calm.request();
    clock.advance(0);
    expect(flushes).toHaveLength(2);
    clock.advance(1_000);
    expect(flushes).toHaveLength(2);
  });
});
