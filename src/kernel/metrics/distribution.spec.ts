import { describe, expect, it } from '@jest/globals';
import { Distribution } from './distribution.js';

describe('Distribution', () => {
  it('counts a figure under every bound that it does not pass', () => {
    const distribution = new Distribution([1, 10, 100]);
    for (const figure of [0, 1, 2, 10, 11, 1_000]) distribution.observe(figure);
    expect(distribution.cumulative()).toEqual([2, 4, 5, 6]);
    expect(distribution.sum).toBe(1_024);
  });
});
