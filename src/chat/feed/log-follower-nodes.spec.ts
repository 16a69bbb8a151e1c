import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FollowerStage, HandHandler } from '../../../test/support/follower-stage.js';
import { roomKey } from '../conversations/key.js';
import type { LogFollower } from './log-follower.js';

const A = roomKey('a');

describe('A follower of the log on several nodes', () => {
  let clock: FollowerStage['clock'];
  let store: FollowerStage['store'];
  let handler: HandHandler;
  let follower: LogFollower;
  let soon: FollowerStage['soon'];
  let say: FollowerStage['say'];
  let other: LogFollower;
  let elsewhere: HandHandler;

  beforeEach(async () => {
    const stage = new FollowerStage(false);
    ({ clock, store, handler, follower, soon, say } = stage);
    elsewhere = new HandHandler();
    other = stage.make('two', elsewhere);
    await stage.following();
    other.start();
    await soon();
  });

  it('follows on one of them', async () => {
    await say(A);
    await clock.pass(60_000, 500);
    expect([handler.got, elsewhere.got]).toEqual([['a 1'], []]);
    expect([follower.isFollowing, other.isFollowing]).toEqual([true, false]);
  });

  it('believes the store, whatever the bus brings', async () => {
    await say(A);
    await clock.pass(100, 10);
    const before = store.asked.pages;
    await say(A);
    await soon();
    expect([handler.got, store.asked.pages]).toEqual([['a 1', 'a 2'], before + 1]);
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

  afterAll(() => {
    Logger.overrideLogger(true);
  });
});
