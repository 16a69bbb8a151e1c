import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandClock } from '../../../test/support/hand-clock.js';
import { loadSettings } from '../../config/load.js';
import { CatchUpGate } from './catch-up-gate.js';

let clock: HandClock;
let gate: CatchUpGate;
let admitted: number[];
let count: number;

/** @param rate Syncs per second */
function open(rate: number): void {
  clock = new HandClock();
  gate = new CatchUpGate(clock, loadSettings({ RESUME_RATE: String(rate) }));
  admitted = [];
  count = 0;
}

function come(people: number): void {
  for (let one = 0; one < people; one++) {
    const number = count++;
    void gate.enter().then(() => admitted.push(number));
  }
}

beforeEach(() => {
  open(1_000);
});

describe('The gate of those who catch up', () => {
  it.each([
    [0, 5_000, [5_000, 5_000, 5_000]],
    [100, 10, [1, 2, 5]],
    [1_000, 100, [10, 20, 50]],
    [250, 20, [2, 5, 12]],
    [10, 3, [1, 1, 1]],
  ])('admits %i a second, of %i who come at once', async (rate, people, after) => {
    open(rate);
    come(people);
    await clock.pass(0);
    const seen = [admitted.length];
    for (const ms of [10, 30]) {
      await clock.pass(ms, 10);
      seen.push(admitted.length);
    }
    expect(seen).toEqual(after);
  });

  it('admits in the order in which they came, whoever comes between', async () => {
    come(25);
    await clock.pass(10);
    come(25);
    await clock.pass(100, 10);
    expect(admitted).toEqual(Array.from({ length: 50 }, (_, number) => number));
    expect(gate.length).toBe(0);
  });

  it('lets nobody pass those who wait', async () => {
    come(11);
    expect(gate.length).toBe(1);
    await clock.pass(10);
    come(1);
    await clock.pass(0);
    expect(admitted.at(-1)).toBe(11);
    expect(gate.length).toBe(0);
  });

  it('saves up one turn and no more while nobody comes', async () => {
    come(1);
    await clock.pass(60_000, 10_000);
    come(100);
    await clock.pass(0);
    expect(admitted).toHaveLength(1 + 10);
  });

  it('costs nothing while nobody waits', async () => {
    expect(clock.waiting).toBe(0);
    come(30);
    expect(clock.waiting).toBe(1);
    await clock.pass(100, 10);
    expect(admitted).toHaveLength(30);
    expect(clock.waiting).toBe(0);
  });

  it('stops with the service', () => {
    come(30);
    gate.onApplicationShutdown();
    expect(clock.waiting).toBe(0);
  });
});
