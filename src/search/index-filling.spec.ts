import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HandClock } from '../../test/support/hand-clock.js';
import { HandStore } from '../../test/support/hand-store.js';
import { roomKey } from '../chat/conversations/key.js';
import { loadSettings } from '../config/load.js';
import type { FollowerCursors } from '../chat/feed/follower-cursors.js';
import type { EventLog } from '../chat/log/event-log.js';
import type { MessageBus } from '../chat/log/message-bus.js';
import { MemoryMessageBus } from '../engines/memory/memory-message-bus.js';
import { Refusal } from '../kernel/refusal.js';
import { IndexFilling } from './index-filling.js';
import { Indexer } from './indexer.js';
import { PresentMessages } from './present-messages.js';
import type { IndexEntry, IndexProgress, SearchIndex } from './search-index.js';

const A = roomKey('a');
const BEHIND = new Refusal('index-behind');

/** An index that only counts, and whose batches can be made to fail. */
class CountingIndex {
  entries = 0;
  fails = false;
  missing = false;
  state: IndexProgress = { phase: 'new', lagMs: 0, toldAt: 0 };

  put(entries: readonly IndexEntry[]): Promise<void> {
    if (this.fails) return Promise.reject(new Error('on purpose'));
    this.entries += entries.length;
    return Promise.resolve();
  }

  progress(): Promise<IndexProgress> {
    if (this.missing) return Promise.reject(new Refusal('index-behind', { retryable: false }));
    return Promise.resolve(this.state);
  }

  enter(phase: IndexProgress['phase']): Promise<void> {
    this.state = { ...this.state, phase };
    return Promise.resolve();
  }

  tell(lag: Omit<IndexProgress, 'phase'>): Promise<void> {
    this.state = { ...this.state, ...lag };
    return Promise.resolve();
  }
}

describe('The filling of the index', () => {
  let clock: HandClock;
  let store: HandStore;
  /** The same, with what only cursors have. */
  let cursors: HandStore;
  let bus: MemoryMessageBus;
  let index: CountingIndex;
  let filling: IndexFilling;
  let resets: number;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

  beforeEach(() => {
    clock = new HandClock(1_790_000_000_000);
    [store, bus, index, resets] = [new HandStore(), new MemoryMessageBus(), new CountingIndex(), 0];
    filling = make(bus);
  });

  function make(over: MessageBus): IndexFilling {
    cursors = Object.assign(Object.create(store) as HandStore, {
      register: () => Promise.resolve(),
      reset: () => {
        resets++;
        store.positions.clear();
        cursors.epoch++;
        cursors.holder = null;
        return Promise.resolve();
      },
    });
    const log = store as unknown as EventLog;
    const search = index as unknown as SearchIndex;
    const indexer = new Indexer(search, new PresentMessages(log), clock, clock);
    return new IndexFilling(
      search,
      cursors as unknown as FollowerCursors,
      over,
      clock,
      clock,
      log,
      indexer,
      loadSettings({}),
    );
  }

  it('begins anew where nothing is known of the index, and is of use when all is in it', async () => {
    store.append(A, 2_500);
    store.positions.set(A, 2_500);
    filling.onModuleInit();
    await expect(filling.lag()).rejects.toEqual(BEHIND);
    await clock.pass(50, 1);
    expect([resets, index.state.phase]).toEqual([1, 'filling']);
    await expect(filling.lag()).rejects.toEqual(BEHIND);
    await clock.pass(3_000, 10);
    expect([index.entries, index.state.phase]).toEqual([2_500, 'filled']);
    await expect(filling.lag()).resolves.toBe(0);
  });

  it('is of use at once where nothing was said yet', async () => {
    filling.onModuleInit();
    await clock.pass(300, 10);
    await expect(filling.lag()).resolves.toBe(0);
  });

  it('goes on where it stopped, of use from the start', async () => {
    index.state = { phase: 'filled', lagMs: 0, toldAt: 0 };
    store.append(A, 10);
    store.positions.set(A, 8);
    filling.onModuleInit();
    await expect(filling.lag()).resolves.toBe(0);
    await clock.pass(1_000, 10);
    expect([resets, index.entries]).toEqual([0, 2]);
  });

  it('is not filled while much is missing, however it began', async () => {
    index.state = { phase: 'filling', lagMs: 0, toldAt: 0 };
    index.fails = true;
    store.append(A, 10);
    filling.onModuleInit();
    await clock.pass(30_000, 100);
    // A batch that fails has been waiting since it was found.
    expect(index.entries).toBe(0);
    await expect(filling.lag()).rejects.toEqual(BEHIND);
    index.fails = false;
    await clock.pass(60_000, 100);
    expect([index.entries, index.state.phase]).toEqual([10, 'filled']);
  });

  it('begins anew where the index was emptied and the cursors set back, beside it', async () => {
    index.state = { phase: 'filled', lagMs: 0, toldAt: 0 };
    store.append(A, 10);
    filling.onModuleInit();
    await clock.pass(2_000, 100);
    expect([index.entries, await filling.lag()]).toEqual([10, 0]);
    index.state = { ...index.state, phase: 'filling' };
    store.positions.clear();
    cursors.epoch++;
    cursors.holder = null;
    index.fails = true;
    await clock.pass(7_000, 100);
    await expect(filling.lag()).rejects.toEqual(BEHIND);
    index.fails = false;
    await clock.pass(20_000, 100);
    expect([index.entries, index.state.phase, await filling.lag()]).toEqual([20, 'filled', 0]);
  });

  it('tells how far it is behind, and gives itself up where that is too far', async () => {
    index.state = { phase: 'filled', lagMs: 0, toldAt: 0 };
    filling.onModuleInit();
    await clock.pass(2_000, 100);
    index.fails = true;
    await bus.publish(store.append(A, 1));
    await clock.pass(60_000, 1_000);
    expect(await filling.lag()).toBeGreaterThan(55_000);
    await clock.pass(600_000, 1_000);
    await expect(filling.lag()).rejects.toEqual(BEHIND);
  });

  it('is told of by the node that does it, where there are others', async () => {
    const others = Object.create(bus, { isLossless: { value: false } }) as MemoryMessageBus;
    index.state = { phase: 'filled', lagMs: 0, toldAt: 0 };
    filling = make(others);
    filling.onModuleInit();
    await clock.pass(2_000, 100);
    expect(index.state.toldAt).toBeGreaterThan(1_790_000_000_000);
    const beside = make(others);
    index.state = { ...index.state, lagMs: 123 };
    expect(await beside.lag()).toBe(123);
    await filling.onApplicationShutdown();
    await clock.pass(40_000, 1_000);
    expect(await beside.lag()).toBeGreaterThan(30_000);
  });

  it('is refused, and begins when it can, where the index cannot be asked', async () => {
    index.missing = true;
    filling.onModuleInit();
    await clock.pass(3_000, 100);
    await expect(filling.lag()).rejects.toMatchObject({ code: 'index-behind', retryable: false });
    index.missing = false;
    await clock.pass(3_000, 100);
    expect(index.state.phase).toBe('filled');
  });

  it('leaves nothing behind when it ends', async () => {
    filling.onModuleInit();
    await clock.pass(2_000, 100);
    await filling.onApplicationShutdown();
    expect([clock.waiting, filling.follower.isFollowing]).toEqual([0, false]);
  });
});
