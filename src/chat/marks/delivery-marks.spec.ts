import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HandClock } from '../../../test/support/hand-clock.js';
import { directKey } from '../conversations/key.js';
import type { DeliveredMark, MarkStore } from './mark-store.js';
import { DeliveryMarks } from './delivery-marks.js';

const WITH_BEN = directKey('ann', 'ben');
const WITH_CLEO = directKey('ann', 'cleo');

/** Records what is written, and fails when told to. */
class Store {
  readonly written: string[][] = [];
  failures = 0;

  markDelivered(marks: readonly DeliveredMark[]): Promise<void> {
    if (this.failures-- > 0) return Promise.reject(new Error('on purpose'));
    this.written.push(
      marks.map(({ personId, conversation, seq }) => `${personId} ${conversation} ${seq}`),
    );
    return Promise.resolve();
  }
}

describe('The marks of what was delivered', () => {
  let clock: HandClock;
  let store: Store;
  let marks: DeliveryMarks;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

  beforeEach(() => {
    clock = new HandClock();
    store = new Store();
    marks = new DeliveryMarks(store as unknown as MarkStore, clock);
  });

  it('are written once a second, the highest of each person and conversation', async () => {
    for (const seq of [1, 3, 2]) marks.note('ann', WITH_BEN, seq);
    marks.note('ben', WITH_BEN, 2);
    marks.note('ann', WITH_CLEO, 9);
    await clock.pass(999);
    expect(store.written).toEqual([]);
    await clock.pass(1);
    expect(store.written).toEqual([
      [`ann ${WITH_BEN} 3`, `ben ${WITH_BEN} 2`, `ann ${WITH_CLEO} 9`],
    ]);
    await clock.pass(10_000, 1_000);
    expect(store.written).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  it('wait a second again after they were written', async () => {
    marks.note('ann', WITH_BEN, 1);
    await clock.pass(1_500, 500);
    marks.note('ann', WITH_BEN, 2);
    await clock.pass(999);
    expect(store.written).toHaveLength(1);
    await clock.pass(1);
    expect(store.written.at(-1)).toEqual([`ann ${WITH_BEN} 2`]);
  });

  it('are known here until the next ones are written: who asks the store may be too early', async () => {
    expect(marks.noted('ann', WITH_BEN)).toBe(0);
    marks.note('ann', WITH_BEN, 7);
    expect(marks.noted('ann', WITH_BEN)).toBe(7);
    await clock.pass(1_000);
    expect(marks.noted('ann', WITH_BEN)).toBe(7);
    expect(marks.noted('ben', WITH_BEN)).toBe(0);
    marks.note('ben', WITH_BEN, 8);
    await clock.pass(1_000);
    expect(marks.noted('ann', WITH_BEN)).toBe(0);
    expect(marks.noted('ben', WITH_BEN)).toBe(8);
  });

  it('are not written again where the store failed, and are noted with the next delivery', async () => {
    store.failures = 1;
    marks.note('ann', WITH_BEN, 1);
    await clock.pass(5_000, 1_000);
    expect(store.written).toEqual([]);
    marks.note('ann', WITH_BEN, 2);
    await clock.pass(1_000);
    expect(store.written).toEqual([[`ann ${WITH_BEN} 2`]]);
  });

  it('are written at once when the service stops, and its timer ends', async () => {
    marks.note('ann', WITH_BEN, 1);
    await marks.write();
    expect(store.written).toEqual([[`ann ${WITH_BEN} 1`]]);
    marks.onApplicationShutdown();
    expect(clock.waiting).toBe(0);
    await marks.write();
    expect(store.written).toHaveLength(1);
  });
});
