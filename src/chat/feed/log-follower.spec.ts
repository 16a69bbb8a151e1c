import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { HandClock } from '../../../test/support/hand-clock.js';
import { eventOf, HandStore, numbers } from '../../../test/support/hand-store.js';
import { MemoryMessageBus } from '../../engines/memory/memory-message-bus.js';
import { Meters } from '../../kernel/metrics/meters.js';
import { type ConversationKey, roomKey } from '../conversations/key.js';
import type { ChatEvent } from '../log/event.js';
import type { EventLog } from '../log/event-log.js';
import type { FollowerCursors } from './follower-cursors.js';
import { meterFollowers } from './follower-meters.js';
import { LogFollower } from './log-follower.js';

const [A, B] = [roomKey('a'), roomKey('b')];

/** Notes what it is given; holds, and fails in, the conversations it is told to. */
class Handler {
  readonly name = 'search';
  readonly got: string[] = [];
  readonly failing = new Set<ConversationKey>();
  readonly held = new Map<ConversationKey, () => void>();
  readonly holding = new Set<ConversationKey>();
  running = 0;
  mostRunning = 0;
  signal: AbortSignal | null = null;
  batch = 200;

  async handle(events: readonly ChatEvent[], signal: AbortSignal): Promise<void> {
    this.signal = signal;
    const conversation = events[0]?.conversation ?? A;
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    this.got.push(`${conversation.slice(5)} ${spanOf(events)}`);
    if (this.holding.has(conversation)) {
      await new Promise<void>((resolve) => this.held.set(conversation, resolve));
    }
    this.running--;
    if (this.failing.has(conversation)) throw new Error('on purpose');
  }

  letGo(conversation: ConversationKey): void {
    this.holding.delete(conversation);
    this.held.get(conversation)?.();
  }
}

/** `3`, or `1-3`. Numbers without a gap, or it is not worth telling. */
function spanOf(events: readonly ChatEvent[]): string {
  const [first, last] = [events[0]?.seq ?? 0, events.at(-1)?.seq ?? 0];
  if (last - first + 1 !== events.length) throw new Error('there is a gap');
  return first === last ? `${first}` : `${first}-${last}`;
}

describe('A follower of the log', () => {
  let clock: HandClock;
  let store: HandStore;
  let bus: MemoryMessageBus;
  let handler: Handler;
  let follower: LogFollower;

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

  beforeEach(() => {
    clock = new HandClock(1_790_000_000_000);
    store = new HandStore();
    bus = new MemoryMessageBus();
    handler = new Handler();
    follower = make('one', handler);
  });

  function make(holder: string, to: Handler): LogFollower {
    const parts = {
      cursors: store as unknown as FollowerCursors,
      log: store as unknown as EventLog,
      ...{ bus, clock, scheduler: clock },
    };
    return new LogFollower(parts, to, holder);
  }

  /** Lets what is due happen, promises and all. */
  function soon(): Promise<void> {
    return clock.pass(5, 1);
  }

  async function say(conversation: ConversationKey, count = 1): Promise<void> {
    await bus.publish(store.append(conversation, count));
  }

  async function following(): Promise<void> {
    follower.start();
    await soon();
  }

  describe('gets what is said', () => {
    it('before it came, after the cursor of each conversation', async () => {
      store.append(A, 3);
      store.append(B, 2);
      store.positions.set(A, 1);
      await following();
      expect(handler.got).toEqual(['a 2-3', 'b 1-2']);
      expect([...store.positions]).toEqual([
        [A, 3],
        [B, 2],
      ]);
    });

    it('while it is here, at once, and asks for nothing while nothing is said', async () => {
      await following();
      await say(A);
      await soon();
      expect(handler.got).toEqual(['a 1']);
      const before = { ...store.asked };
      await clock.pass(29_000, 100);
      expect(store.asked).toEqual(before);
      await say(A, 2);
      await soon();
      expect(handler.got).toEqual(['a 1', 'a 2-3']);
      // Where it stands it knows by itself.
      expect(store.asked.positions).toBe(before.positions);
    });

    it('that nobody told it of, with the next round', async () => {
      await following();
      store.append(A);
      await clock.pass(29_000, 500);
      expect(handler.got).toEqual([]);
      await clock.pass(2_000, 500);
      expect(handler.got).toEqual(['a 1']);
    });

    it('in pieces where it is much, each after the one before', async () => {
      handler.batch = 100;
      store.append(A, 250);
      await following();
      expect(handler.got).toEqual(['a 1-100', 'a 101-200', 'a 201-250']);
      expect(handler.mostRunning).toBe(1);
    });

    it('together in a busy conversation: it takes breath at the head', async () => {
      await following();
      for (let n = 0; n < 10; n++) {
        await say(A);
        await soon();
      }
      await clock.pass(50, 1);
      expect(handler.got).toEqual(['a 1', 'a 2-10']);
    });

    it('and believes the log where the bus tells of more', async () => {
      await following();
      await bus.publish([{ ...eventOf(A, 7), origin: '' }]);
      await soon();
      expect(store.asked.pages).toBe(1);
      await clock.pass(5_000, 100);
      expect([store.asked.pages, handler.got, follower.lag.events]).toEqual([1, [], 0]);
    });
  });

  describe('is bounded', () => {
    const rooms = numbers(1, 20).map((n) => roomKey(`room ${n}`));

    it('to eight conversations at a time, and takes the others when one has ended', async () => {
      for (const room of rooms) {
        store.append(room);
        handler.holding.add(room);
      }
      await following();
      expect(handler.got).toHaveLength(8);
      handler.letGo(roomKey('room 3'));
      await soon();
      expect(handler.got).toHaveLength(9);
      for (const room of rooms) handler.letGo(room);
      await soon();
      expect([handler.got.length, handler.mostRunning]).toEqual([20, 8]);
    });

    it('and moves cursors together that wait for the store together', async () => {
      for (const room of rooms) store.append(room);
      await following();
      expect(handler.got).toHaveLength(20);
      expect(store.asked.advances).toBeLessThan(15);
    });
  });

  describe('where the handler fails', () => {
    it('brings the same again, later each time, while other conversations go on', async () => {
      handler.failing.add(A);
      await following();
      await say(A, 2);
      await soon();
      expect(handler.got).toEqual(['a 1-2']);
      await say(B);
      await say(A);
      await soon();
      expect(handler.got).toEqual(['a 1-2', 'b 1']);
      await clock.pass(10_000, 50);
      const tries = handler.got.length;
      // After about 1, 2 and 4 seconds.
      expect(handler.got.slice(2)).toEqual(['a 1-3', 'a 1-3', 'a 1-3']);
      await clock.pass(1_000_000, 1_000);
      expect(handler.got.length - tries).toBeLessThan(14);
      expect(store.positions.get(A)).toBeUndefined();
      handler.failing.clear();
      await clock.pass(400_000, 1_000);
      expect([store.positions.get(A), follower.lag.events]).toEqual([3, 0]);
    });

    it('waits as long as the handler says', async () => {
      handler.failing.add(A);
      const waits: number[] = [];
      follower = make(
        'one',
        Object.assign(handler, {
          backoffMs: (failures: number) => (waits.push(failures), 100),
        }),
      );
      await following();
      await say(A);
      await clock.pass(310, 10);
      expect([waits.length, handler.got.length]).toEqual([waits.at(-1), 4]);
    });
  });

  describe('where the store fails', () => {
    it('tries again, and loses nothing', async () => {
      await following();
      store.isDown = true;
      await say(A);
      await soon();
      expect(handler.got).toEqual([]);
      store.isDown = false;
      await clock.pass(1_000, 100);
      expect(handler.got).toEqual(['a 1']);
    });

    it('brings again what was handled and could not be noted', async () => {
      handler.holding.add(A);
      await following();
      await say(A);
      await soon();
      store.isDown = true;
      handler.letGo(A);
      await soon();
      store.isDown = false;
      await clock.pass(1_000, 100);
      expect(handler.got).toEqual(['a 1', 'a 1']);
      expect(store.positions.get(A)).toBe(1);
    });

    it('stops all the same, and leaves its claim to the end of the lease', async () => {
      await following();
      store.isDown = true;
      await follower.stop();
      expect([store.holder, follower.isFollowing, clock.waiting]).toEqual(['one', false, 0]);
    });

    it('gives up its claim by itself before another one can be given it', async () => {
      await following();
      handler.holding.add(A);
      await say(A);
      await soon();
      store.isDown = true;
      await clock.pass(14_900, 100);
      expect([follower.isFollowing, handler.signal?.aborted]).toEqual([true, false]);
      await clock.pass(100);
      expect([follower.isFollowing, handler.signal?.aborted]).toEqual([false, true]);
      expect(clock.now()).toBeLessThanOrEqual(store.leaseUntil + 10);
      store.isDown = false;
      handler.letGo(A);
      await clock.pass(10_000, 100);
      expect([follower.isFollowing, store.positions.get(A)]).toEqual([true, 1]);
    });
  });

  describe('on several nodes', () => {
    let other: LogFollower;
    let elsewhere: Handler;

    beforeEach(async () => {
      elsewhere = new Handler();
      other = make('two', elsewhere);
      await following();
      other.start();
      await soon();
    });

    it('follows on one of them', async () => {
      await say(A);
      await clock.pass(60_000, 500);
      expect([handler.got, elsewhere.got]).toEqual([['a 1'], []]);
      expect([follower.isFollowing, other.isFollowing]).toEqual([true, false]);
    });

    it('goes on on another when the first has stopped, after what was begun has ended', async () => {
      handler.holding.add(A);
      await say(A);
      await soon();
      const stopped = follower.stop();
      await clock.pass(10_000, 500);
      expect([handler.signal?.aborted, elsewhere.got]).toEqual([true, []]);
      handler.letGo(A);
      await soon();
      await stopped;
      await say(A);
      await clock.pass(6_000, 500);
      expect([handler.got, elsewhere.got]).toEqual([['a 1'], ['a 2']]);
    });

    it('goes on on another when the first one’s lease is over, which then moves nothing', async () => {
      handler.holding.add(A);
      await say(A);
      await soon();
      store.deafTo = 'one';
      elsewhere.failing.add(A);
      await clock.pass(16_000, 10);
      expect([follower.isFollowing, other.isFollowing]).toEqual([false, true]);
      expect(elsewhere.got).toContain('a 1');
      handler.letGo(A);
      await soon();
      expect(store.positions.get(A)).toBeUndefined();
      elsewhere.failing.clear();
      await clock.pass(20_000, 100);
      expect([handler.got, store.positions.get(A)]).toEqual([['a 1'], 1]);
    });
  });

  it('goes back where its cursor is set back, whether it is idle or at work', async () => {
    store.append(A, 5);
    await following();
    store.positions.set(A, 2);
    await clock.pass(31_000, 500);
    expect(handler.got).toEqual(['a 1-5', 'a 3-5']);
    handler.holding.add(A);
    await say(A);
    await soon();
    store.positions.set(A, 0);
    handler.letGo(A);
    await clock.pass(1_100, 50);
    expect(handler.got).toEqual(['a 1-5', 'a 3-5', 'a 6', 'a 1-6']);
  });

  it('tells how far it is behind: in events, and for how long', async () => {
    handler.failing.add(A);
    await following();
    expect(follower.lag).toEqual({ events: 0, ms: 0 });
    await say(A, 5);
    // It is tried at once, and after about 1 and 3 seconds.
    await clock.pass(5_000, 100);
    expect(follower.lag.ms).toBeGreaterThanOrEqual(4_900);
    expect(follower.lag.events).toBeGreaterThan(0);
    handler.failing.clear();
    await clock.pass(10_000, 100);
    expect(follower.lag).toEqual({ events: 0, ms: 0 });
    expect(follower.counts).toEqual({ handled: 5, failures: 3 });
  });

  it('is metered beside others, by its name', async () => {
    const meters = new Meters();
    meterFollowers(meters, () => [follower]);
    await following();
    await say(A, 5);
    await soon();
    const read = [...meters.all()].map(({ name, source }) =>
      'read' in source ? [name, ...source.read()] : [],
    );
    expect(read).toEqual([
      ['parley_follower_lag_events', ['search', 0]],
      ['parley_follower_lag_seconds', ['search', 0]],
      ['parley_follower_events_total', ['search', 5]],
      ['parley_follower_failures_total', ['search', 0]],
    ]);
  });

  it('leaves nothing behind when it stops, and costs the bus nothing before it starts', async () => {
    await say(A);
    expect(follower.lag.events).toBe(0);
    handler.failing.add(B);
    await following();
    await say(B);
    await soon();
    await follower.stop();
    expect([clock.waiting, store.holder, follower.isFollowing]).toEqual([0, null, false]);
    await say(A);
    await soon();
    expect(handler.got).toEqual(['a 1', 'b 1']);
  });
});
