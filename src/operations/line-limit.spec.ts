import { beforeEach, describe, expect, it } from '@jest/globals';
import { type DroppedLines, LineLimit } from './line-limit.js';
import { HandClock } from '../../test/support/hand-clock.js';

describe('The limit of log lines', () => {
  let clock: HandClock;
  let told: DroppedLines[];

  beforeEach(() => {
    clock = new HandClock();
    told = [];
  });

  function limit(perSecond: number): LineLimit {
    return new LineLimit(perSecond, clock, clock, (lines) => told.push(lines));
  }

  /** @returns how many of that number of lines are written */
  function write(lines: LineLimit, kind: string, count: number): number {
    return Array.from({ length: count }, () => lines.admits(kind)).filter(Boolean).length;
  }

  it('writes ten seconds of lines at once, and so many per second from there on [S50]', () => {
    const lines = limit(5);
    expect(write(lines, 'answered', 80)).toBe(50);
    clock.time += 2_000;
    expect(write(lines, 'answered', 80)).toBe(10);
    expect(lines.dropped).toBe(100);
  });

  it('leaves room for every other kind [S50]', () => {
    const lines = limit(5);
    write(lines, 'answered', 1_000);
    expect(write(lines, 'store-silent', 50)).toBe(50);
  });

  it('tells once a second what was not written, and nothing where all was [S50]', () => {
    const lines = limit(5);
    write(lines, 'answered', 60);
    write(lines, 'connected', 53);
    write(lines, 'quiet', 1);
    expect(told).toEqual([]);
    clock.advance(1_000);
    const both = [
      { kind: 'answered', count: 10 },
      { kind: 'connected', count: 3 },
    ];
    expect(told).toEqual(both);
    clock.advance(5_000);
    expect(told).toEqual(both);
  });

  it('tells the rest when the log ends', () => {
    const lines = limit(1);
    write(lines, 'answered', 12);
    lines.tellAll();
    expect(told).toEqual([{ kind: 'answered', count: 2 }]);
    clock.advance(1_000);
    expect(told).toHaveLength(1);
  });

  it('is none where it is 0', () => {
    expect(write(limit(0), 'answered', 100_000)).toBe(100_000);
  });
});
