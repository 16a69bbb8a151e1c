import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandClock } from '../../test/support/hand-clock.js';
import { LOBBY_KEY } from '../chat/conversations/lobby.js';
import { IndexBatches } from './index-batches.js';
import type { IndexEntry } from './search-index.js';

describe('Batches for the index', () => {
  let clock: HandClock;
  let batches: IndexBatches;
  /** How many entries each batch had, and when it was written. */
  let written: string[];
  let fails: boolean;
  let outcomes: string[];
  let hold: Promise<void> | null;

  beforeEach(() => {
    clock = new HandClock();
    [written, outcomes, fails, hold] = [[], [], false, null];
    const put = async (entries: readonly IndexEntry[]): Promise<void> => {
      written.push(`${entries.length} at ${clock.time}`);
      await hold;
      if (fails) throw new Error('on purpose');
    };
    batches = new IndexBatches({ put }, clock, clock);
  });

  function put(count: number, isRead = false): void {
    const entry: IndexEntry = { conversation: LOBBY_KEY, seq: 1, message: null };
    batches
      .put(
        Array.from({ length: count }, () => entry),
        isRead,
      )
      .then(
        () => outcomes.push('done'),
        () => outcomes.push('failed'),
      );
  }

  it('are written at once after a pause, and then once in 400 ms', async () => {
    await clock.pass(1_000, 100);
    put(1);
    await clock.pass(1, 1);
    for (let n = 0; n < 10; n++) {
      put(1);
      await clock.pass(100, 10);
    }
    expect(written).toEqual(['1 at 1000', '4 at 1401', '4 at 1801']);
    await clock.pass(500, 10);
    expect([written.length, outcomes.length]).toEqual([4, 11]);
  });

  it('do not wait where there is enough, or where all readers of the log wait', async () => {
    put(1);
    await clock.pass(1, 1);
    put(499);
    await clock.pass(1, 1);
    expect(written).toEqual(['1 at 0']);
    put(1);
    await clock.pass(1, 1);
    expect(written).toEqual(['1 at 0', '500 at 2']);
    for (let n = 0; n < 8; n++) put(1, true);
    await clock.pass(30, 1);
    expect(written).toEqual(['1 at 0', '500 at 2', '8 at 28']);
  });

  it('wait where only others do, and gather what comes beside the readers', async () => {
    put(1);
    await clock.pass(1, 1);
    for (let n = 0; n < 100; n++) put(1);
    for (let n = 0; n < 7; n++) put(1, true);
    await clock.pass(200, 1);
    expect(written).toEqual(['1 at 0']);
    put(1, true);
    await clock.pass(1, 1);
    expect(written).toEqual(['1 at 0', '108 at 201']);
  });

  it('hold a thousand at the most, one after the other', async () => {
    let letGo = (): void => undefined;
    hold = new Promise((resolve) => (letGo = resolve));
    for (const count of [600, 300, 200, 1_000, 5]) put(count);
    await clock.pass(5, 1);
    expect(written).toEqual(['900 at 0']);
    letGo();
    await clock.pass(500, 1);
    expect(written.map((one) => one.split(' ')[0])).toEqual(['900', '200', '1000', '5']);
    expect(outcomes).toEqual(['done', 'done', 'done', 'done', 'done']);
  });

  it('fail for all who are in them, and for nobody else', async () => {
    fails = true;
    put(1);
    put(1);
    await clock.pass(5, 1);
    fails = false;
    put(1);
    await clock.pass(500, 1);
    expect(outcomes).toEqual(['failed', 'failed', 'done']);
  });

  it('are none of nothing', async () => {
    put(0);
    await clock.pass(300, 10);
    expect([written, outcomes, clock.waiting]).toEqual([[], ['done'], 0]);
  });
});
