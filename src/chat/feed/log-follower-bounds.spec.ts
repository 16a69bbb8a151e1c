import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FollowerStage, type HandHandler } from '../../../test/support/follower-stage.js';
import { numbers } from '../../../test/support/hand-store.js';
import { type ConversationKey, roomKey } from '../conversations/key.js';

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

  const rooms = roomsFrom(1, 20);

  function roomsFrom(first: number, last: number): readonly ConversationKey[] {
    return numbers(first, last).map((n) => roomKey(`room ${n}`));
  }

  /** Says something in each, which the handler takes its time with. */
  async function hold(some: readonly ConversationKey[]): Promise<void> {
    for (const room of some) {
      handler.holding.add(room);
      await say(room);
    }
    await soon();
  }

  async function letGo(some: readonly ConversationKey[]): Promise<void> {
    for (const room of some) handler.letGo(room);
    await clock.pass(50, 1);
  }

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
    await hold(rooms);
    expect(handler.got).toHaveLength(15);
    await letGo(rooms);
    expect(handler.got).toHaveLength(20);

    const others = roomsFrom(21, 40);
    await hold(others);
    expect(handler.got).toHaveLength(28);
    await letGo(others);
    expect(handler.got).toHaveLength(40);
  });

  it('to 32 cursors in a statement', async () => {
    const many = roomsFrom(1, 90);
    handler.concurrency = 100;
    await following();
    for (const room of many) await say(room);
    await clock.pass(60, 1);
    await hold(many);
    store.asked.advances = 0;
    await letGo(many);
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
