import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandClock } from '../../../test/support/hand-clock.js';
import { LateBus } from '../../../test/support/hand-node.js';
import { MemoryMessageBus } from '../../engines/memory/memory-message-bus.js';
import type { RoomStore } from '../conversations/room-store.js';
import { RoomsOfPeople } from './rooms-of-people.js';

/** Notes what it is asked. */
class Store {
  hasAny = false;
  wasChanged = false;
  readonly asked: string[] = [];

  hasRooms(): Promise<boolean> {
    this.asked.push('rooms');
    return Promise.resolve(this.hasAny);
  }

  versionsOf(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    this.asked.push(ids.join());
    return Promise.resolve(new Map());
  }
}

describe('The rooms of people', () => {
  let store: Store;
  let clock: HandClock;

  beforeEach(() => {
    [store, clock] = [new Store(), new HandClock()];
  });

  function reader(bus = new MemoryMessageBus()): RoomsOfPeople {
    return new RoomsOfPeople(store as unknown as RoomStore, bus, clock);
  }

  async function read(rooms: RoomsOfPeople, id: string): Promise<void> {
    const reading = rooms.read(id, rooms.begin(id));
    // Whether there are rooms, and then who is in them.
    await clock.pass(0);
    await clock.pass(0);
    expect(await reading).toEqual({ memberships: new Map(), version: 0 });
  }

  it('are not asked for where there is no room', async () => {
    const rooms = reader();
    await read(rooms, 'ann');
    await read(rooms, 'ben');
    expect(store.asked).toEqual(['rooms']);
  });

  it('are asked for from the first Join on', async () => {
    const rooms = reader();
    await read(rooms, 'ann');
    rooms.changed('ben');
    await read(rooms, 'ann');
    expect(store.asked).toEqual(['rooms', 'ann']);
  });

  it('are asked for where rows were changed of which no event told', async () => {
    const rooms = reader();
    await read(rooms, 'ann');
    store.wasChanged = true;
    await read(rooms, 'ann');
    expect(store.asked).toEqual(['rooms', 'ann']);
  });

  it('are asked for where there was a room, or came one while that was asked', async () => {
    store.hasAny = true;
    await read(reader(), 'ann');
    store.hasAny = false;
    const rooms = reader();
    const reading = read(rooms, 'ben');
    rooms.changed('cat');
    await reading;
    expect(store.asked).toEqual(['rooms', 'ann', 'rooms', 'ben']);
  });

  it('are asked for in any case where another node may make one', async () => {
    await read(reader(new LateBus()), 'ann');
    expect(store.asked).toEqual(['ann']);
  });
});
