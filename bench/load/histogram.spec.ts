import { describe, expect, it } from '@jest/globals';
import { Histogram } from './histogram.js';

describe('a histogram', () => {
  it('gives percentiles to within one percent', () => {
    const histogram = new Histogram();
    for (let ms = 1; ms <= 1_000; ms += 1) histogram.record(ms);
    expect(histogram.percentile(50) / 500).toBeCloseTo(1, 1);
    expect(Math.abs(histogram.percentile(99) / 990 - 1)).toBeLessThan(0.011);
    expect(histogram.percentile(100)).toBe(1_000);
    expect(histogram.max).toBe(1_000);
  });

  it('has no percentile where nothing was recorded', () => {
    expect(new Histogram().percentile(99)).toBeNaN();
  });

  it('forgets on clearing', () => {
    const histogram = new Histogram();
    histogram.record(5);
    histogram.clear();
    histogram.record(1);
    expect(histogram.size).toBe(1);
    expect(histogram.percentile(99)).toBe(1);
  });
});
