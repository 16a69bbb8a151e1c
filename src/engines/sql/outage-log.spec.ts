import { beforeEach, describe, expect, it } from '@jest/globals';
import { OutageLog } from './outage-log.js';

describe('The log of an outage', () => {
  let lines: string[];
  let outage: OutageLog;

  beforeEach(() => {
    lines = [];
    const write = (line: string) => void lines.push(line);
    outage = new OutageLog({ log: write, error: write, warn: write }, 'The store');
  });

  it('has one line for its beginning and one for its end', () => {
    for (let failures = 0; failures < 100; failures++) outage.failed('disk full');
    outage.worked();
    outage.worked();
    expect(lines).toEqual(['The store is failing: disk full', 'The store works again']);
  });

  it('has a line for each cause, and for each outage', () => {
    outage.failed('locked');
    outage.failed('disk full');
    outage.worked();
    outage.failed('disk full');
    expect(lines).toHaveLength(4);
  });

  it('is silent while all is well', () => {
    outage.worked();
    expect(lines).toEqual([]);
  });
});
