import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Journal } from '../chat/log/journal.js';
import type { EventLog } from '../chat/log/event-log.js';
import { loadSettings } from '../config/load.js';
import { AddressBudget } from '../http/address-budget.js';
import { ClientAddress } from '../http/client-address.js';
import { ClientView } from '../http/client-view.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { StoreProbe } from './store-probe.js';
import { HandClock } from '../../test/support/hand-clock.js';

function probe(
  heads: () => Promise<ReadonlyMap<string, number>>,
  recover: () => Promise<void> = () => Promise.resolve(),
  proveWritable: () => Promise<void> = () => Promise.reject(new Error('nobody was refused')),
): [StoreProbe, HandClock, ProblemFilter] {
  const clock = new HandClock();
  const store = { heads, proveWritable } as unknown as EventLog;
  const settings = loadSettings({ NODE_ENV: 'test' });
  const budget = new AddressBudget(new ClientAddress(new ClientView(settings)), clock, settings);
  const filter = new ProblemFilter(budget, settings);
  const journal = { recover } as unknown as Journal;
  return [new StoreProbe(store, journal, clock, clock, filter), clock, filter];
}

describe('StoreProbe', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

  it('asks the store once a second at most, however many ask', async () => {
    let questions = 0;
    const [store, clock] = probe(() => {
      questions += 1;
      return Promise.resolve(new Map());
    });
    const answers = await Promise.all(Array.from({ length: 50 }, () => store.answers()));
    expect(new Set(answers)).toEqual(new Set([true]));
    expect(questions).toBe(1);
    clock.time += 1_000;
    await store.answers();
    expect(questions).toBe(2);
  });

  it('says no while the store fails, and yes when it has healed', async () => {
    let broken = true;
    const [store, clock] = probe(() =>
      broken ? Promise.reject(new Error('down')) : Promise.resolve(new Map()),
    );
    expect(await store.answers()).toBe(false);
    broken = false;
    expect(await store.answers()).toBe(false);
    clock.time += 1_000;
    expect(await store.answers()).toBe(true);
  });

  it('says no while the store can be read and takes nothing', async () => {
    let full = true;
    const [store, clock] = probe(
      () => Promise.resolve(new Map()),
      () => (full ? Promise.reject(new Error('full')) : Promise.resolve()),
    );
    expect(await store.answers()).toBe(false);
    full = false;
    clock.time += 1_000;
    expect(await store.answers()).toBe(true);
  });

  it('says no while the store refuses requests that write, and yes when it takes something', async () => {
    let full = true;
    const [store, clock, filter] = probe(
      () => Promise.resolve(new Map()),
      () => Promise.resolve(),
      () => (full ? Promise.reject(new Error('full')) : Promise.resolve()),
    );
    expect(await store.answers()).toBe(true);
    filter.problems.count('store-unavailable');
    for (let second = 0; second < 3; second++) {
      clock.time += 1_000;
      expect(await store.answers()).toBe(false);
    }
    full = false;
    clock.time += 1_000;
    expect(await store.answers()).toBe(true);
    full = true;
    clock.time += 1_000;
    expect(await store.answers()).toBe(true);
  });

  it('says no where the store stays silent, and does not ask it again meanwhile', async () => {
    let questions = 0;
    const [store, clock] = probe(() => {
      questions += 1;
      return new Promise(() => undefined);
    });
    for (let round = 0; round < 2; round++) {
      const answer = store.answers();
      clock.advance(2_000);
      expect(await answer).toBe(false);
    }
    expect(questions).toBe(1);
  });
});
