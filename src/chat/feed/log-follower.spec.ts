import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FollowerStage, type HandHandler } from '../../../test/support/follower-stage.js';
import { eventOf } from '../../../test/support/hand-store.js';
import { Meters } from '../../kernel/metrics/meters.js';
import { roomKey } from '../conversations/key.js';
import { meterFollowers } from './follower-meters.js';
import type { LogFollower } from './log-follower.js';

const [A, B] = [roomKey('a'), roomKey('b')];

describe('A follower of the log', () => {
  let clock: FollowerStage['clock'];
  let store: FollowerStage['store'];
  let bus: FollowerStage['bus'];
  let handler: HandHandler;
  let follower: LogFollower;
  let soon: FollowerStage['soon'];
  let say: FollowerStage['say'];
  let following: FollowerStage['following'];

  beforeEach(() => {
    ({ clock, store, bus, handler, follower, soon, say, following } = new FollowerStage());
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

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

    it('as seldom as the handler says, where it says so', async () => {
      handler.breathMs = 500;
      await following();
      await say(A);
      await soon();
      await say(A);
      await clock.pass(400, 10);
      await say(A);
      await clock.pass(90, 10);
      expect(handler.got).toEqual(['a 1']);
      await clock.pass(10, 1);
      expect(handler.got).toEqual(['a 1', 'a 2-3']);
    });

    it('from memory, where it was just told of it, and else from the log', async () => {
      await following();
      await say(A, 2);
      await soon();
      expect([store.asked.pages, handler.got]).toEqual([1, ['a 1-2']]);
      await clock.pass(50, 1);
      await say(A, 2);
      await soon();
      expect([store.asked.pages, handler.got]).toEqual([1, ['a 1-2', 'a 3-4']]);
      // One that nobody told it of stands before it.
      store.append(A);
      await clock.pass(50, 1);
      await say(A);
      await soon();
      expect([store.asked.pages, handler.got.at(-1)]).toEqual([2, 'a 5-6']);
      expect([store.positions.get(A), handler.isRead]).toEqual([6, [true, false, true]]);
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
      Object.assign(handler, { backoffMs: (failures: number) => (waits.push(failures), 100) });
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
