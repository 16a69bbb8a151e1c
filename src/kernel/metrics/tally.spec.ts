import { describe, expect, it } from '@jest/globals';
import { Tally } from './tally.js';

describe('Tally', () => {
  it('counts by kind, and shows the kinds that never came', () => {
    const tally = new Tally('code', [1000, 1006]);
    tally.count(1000);
    tally.count(1000, 2);
    expect([...tally.read()]).toEqual([
      ['1000', 3],
      ['1006', 0],
    ]);
  });

  it('does not grow with what it is given: all that it does not know is one kind', () => {
    const tally = new Tally<string>('code', ['known']);
    for (let index = 0; index < 1_000; index++) tally.count(`canary-${String(index)}`);
    expect([...tally.read()]).toEqual([
      ['known', 0],
      ['other', 1_000],
    ]);
  });
});
