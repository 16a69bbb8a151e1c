import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FollowerStage, type HandHandler } from '../../../test/support/follower-stage.js';
import { numbers } from '../../../test/support/hand-store.js';
import { roomKey } from '../conversations/key.js';

describe('A follower of the log is bounded', () => {
  let clock: FollowerStage['clock'];
  let store: FollowerStage['store'];
  let handler: HandHandler;
  let soon: FollowerStage['soon'];
  let say: FollowerStage['say'];
  let following: FollowerStage['following'];

  beforeEach(() => {
    ({ clock, store, handler, soon, say, following } = new FollowerStage());
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

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

  it('to as many as the handler says where they come from memory, and to eight where they are read', async () => {
    handler.concurrency = 15;
    await following();
    for (const room of rooms) {
      await say(room);
      await soon();
    }
    handler.got.length = 0;
    await clock.pass(50, 1);
    for (const room of rooms) {
      handler.holding.add(room);
      await say(room);
    }
    await soon();
    expect(handler.got).toHaveLength(15);
    for (const room of rooms) handler.letGo(room);
    await clock.pass(50, 1);
    expect(handler.got).toHaveLength(20);

    const others = numbers(21, 40).map((n) => roomKey(`room ${n}`));
    for (const room of others) {
      handler.holding.add(room);
      await say(room);
    }
    await soon();
    expect(handler.got).toHaveLength(28);
    for (const room of others) handler.letGo(room);
    await clock.pass(50, 1);
    expect(handler.got).toHaveLength(40);
  });

  it('to 32 cursors in a statement', async () => {
    const many = numbers(1, 90).map((n) => roomKey(`many ${n}`));
    handler.concurrency = 100;
    await following();
    for (const room of many) await say(room);
    await clock.pass(60, 1);
    for (const room of many) {
      handler.holding.add(room);
      await say(room);
    }
    await soon();
    store.asked.advances = 0;
    for (const room of many) handler.letGo(room);
    await soon();
    expect([...store.positions.values()]).toEqual(many.map(() => 2));
    expect(store.asked.mostAdvanced).toBe(32);
    expect(store.asked.advances).toBeLessThan(6);
  });

  it('and moves cursors together that wait for the store together', async () => {
    for (const room of rooms) store.append(room);
    await following();
    expect(handler.got).toHaveLength(20);
    expect(store.asked.advances).toBeLessThan(15);
  });
});
