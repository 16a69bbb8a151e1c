import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandClock } from '../../test/support/hand-clock.js';
import { GatheredQuery } from './gathered-query.js';

describe('A query for many who ask one by one', () => {
  let clock: HandClock;
  let asked: (readonly number[])[];
  let query: GatheredQuery<number, number>;
  let fails: boolean;

  beforeEach(() => {
    clock = new HandClock();
    asked = [];
    fails = false;
    query = new GatheredQuery(clock, 3, (keys) => {
      asked.push(keys);
      if (fails) return Promise.reject(new Error('down'));
      return Promise.resolve((key: number) => key * 10);
    });
  });

  it('is one for all of a turn, each key once, and answers each', async () => {
    const answers = Promise.all([query.ask(1), query.ask(2), query.ask(1)]);
    await clock.pass(0);
    expect(await answers).toEqual([10, 20, 10]);
    expect(asked).toEqual([[1, 2]]);
  });

  it('asks for so many at a time, and for the rest after that', async () => {
    const answers = Promise.all([1, 2, 3, 4].map((key) => query.ask(key)));
    for (let turn = 0; turn < 3; turn++) await clock.pass(0);
    expect(await answers).toEqual([10, 20, 30, 40]);
    expect(asked).toEqual([[1, 2, 3], [4]]);
  });

  it('rejects for all who asked where it fails, and for nobody after that', async () => {
    fails = true;
    const answers = Promise.allSettled([query.ask(1), query.ask(2)]);
    await clock.pass(0);
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    const later = query.ask(3);
    for (let turn = 0; turn < 3; turn++) await clock.pass(0);
    expect(await later).toBe(30);
  });
});
