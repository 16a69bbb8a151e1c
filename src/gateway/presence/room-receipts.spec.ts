import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandClock } from '../../../test/support/hand-clock.js';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';
import { RoomBook } from '../../chat/conversations/room-book.js';
import { loadSettings } from '../../config/load.js';
import { MemorySignalBus } from '../../engines/memory/memory-signal-bus.js';
import type { PresenceService } from '../../presence/presence.service.js';
import type { Hub } from '../delivery/hub.js';
import type { EncodedFrame } from '../wire/encoded-frame.js';
import { RoomReceipts } from './room-receipts.js';

const MOST = 3;

describe('The receipts of a room', () => {
  let clock: HandClock;
  let signals: MemorySignalBus;
  let here: number;
  let told: unknown[];
  let published: number;
  let receipts: RoomReceipts;

  function make(most: number): RoomReceipts {
    const settings = loadSettings({ RECEIPTS_MAX: String(most) });
    const presence = { count: () => Promise.resolve(here) } as PresenceService;
    const hub = {
      tellRoom: (_key: string, { frame }: EncodedFrame) => told.push(frame),
    } as unknown as Hub;
    return new RoomReceipts(signals, presence, hub, new RoomBook(settings), clock, clock, settings);
  }

  beforeEach(() => {
    [clock, signals, here, told, published] = [new HandClock(), new MemorySignalBus(), 2, [], 0];
    signals.subscribe(() => published++);
    receipts = make(MOST);
    receipts.onModuleInit();
  });

  function read(person: string, seq: number): void {
    receipts.publish({ id: person, username: person }, LOBBY_KEY, seq);
  }

  it('are one frame a second, with the highest number of each reader', async () => {
    for (const seq of [1, 3, 2]) read('ann', seq);
    read('ben', 1);
    await clock.pass(999);
    expect(told).toEqual([]);
    await clock.pass(1);
    expect(told).toEqual([{ type: 11, room: 'lobby', data: { ann: 3, ben: 1 } }]);
    await clock.pass(5_000, 1_000);
    expect(told).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  it('are neither told nor carried to other nodes while the room is large', async () => {
    here = MOST + 1;
    read('ann', 1);
    await clock.pass(1_000);
    expect([told, published]).toEqual([[], 1]);
    for (let seq = 2; seq < 100; seq++) read('ann', seq);
    await clock.pass(1_000);
    expect([told, published]).toEqual([[], 1]);
    here = MOST;
    read('ann', 100);
    await clock.pass(1_000);
    read('ann', 101);
    await clock.pass(1_000);
    expect(told).toEqual([{ type: 11, room: 'lobby', data: { ann: 101 } }]);
  });

  it('of more readers than a small room has are not told, however many signals come', async () => {
    for (let n = 0; n < 1_000; n++) read(`person ${n}`, 1);
    await clock.pass(1_000);
    expect(told).toEqual([]);
  });

  it('are never told where the setting is 0', async () => {
    receipts.onApplicationShutdown();
    receipts = make(0);
    receipts.onModuleInit();
    read('ann', 1);
    await clock.pass(1_000);
    expect([told, published]).toEqual([[], 0]);
  });

  it('believe nothing of what is no number', async () => {
    for (const seq of [-1, 1.5, Number.NaN, 'x']) {
      const person = { id: 'ann', username: 'ann' };
      const time = clock.now();
      signals.publish(LOBBY_KEY, { kind: 'read-room', person, time, details: { seq } });
    }
    await clock.pass(1_000);
    expect(told).toEqual([]);
  });
});
