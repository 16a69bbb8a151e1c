import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MessageBus } from '../../../src/chat/log/message-bus.js';
import { ConnectionRegistry } from '../../../src/gateway/connections/connection-registry.js';
import type { Connection } from '../../../src/gateway/connections/connection.js';
import { Hub } from '../../../src/gateway/delivery/hub.js';
import { RoomChannels } from '../../../src/gateway/delivery/room-channels.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { until } from '../../support/bounded.js';
import { enter, join, type Member } from '../../support/people.js';
import { HandRoom } from '../../support/rooms.js';
import type { Frame } from '../../support/ws-client.js';

const NAMES = Array.from({ length: 50 }, (_, at) => `room-${at}`);

describe('Fifty rooms on one node', () => {
  let service: RunningApp;
  let ann: Member;
  let ben: Member;
  let rooms: readonly HandRoom[];

  /** Ben's rooms: he says something in them. */
  beforeEach(async () => {
    service = await startApp({ PRESENCE_GRACE: '0' });
    ann = await enter(service, 'ann');
    ben = await enter(service, 'ben');
    rooms = await Promise.all(NAMES.map((name) => HandRoom.make(service, name, ben.tokens.user)));
  });

  afterEach(() => service.app.close());

  function connectionOf({ tokens }: Member): Connection {
    const [connection] = service.app.get(ConnectionRegistry).ofPerson(tokens.user.id);
    if (connection === undefined) throw new Error('not connected');
    return connection;
  }

  async function joinRooms({ tokens, socket }: Member, some: readonly HandRoom[]): Promise<void> {
    await Promise.all(some.map((room) => room.join(tokens.user)));
    await socket.take(some.length, { type: 15, user: tokens.user });
  }

  function sayInAll(text: string): Promise<unknown> {
    return Promise.all(rooms.map((room) => room.say(ben.tokens.user, text)));
  }

  it('tell a member what is said in each of them, in its order and once', async () => {
    await joinRooms(ann, rooms);
    for (const text of ['one', 'two', 'three']) await sayInAll(text);
    const frames = await ann.socket.take(
      150,
      (frame) => frame.type === 2 && frame.room !== 'lobby',
    );
    for (const room of NAMES) {
      const told = frames.filter((frame) => frame.room === room);
      expect(told.map(({ seq, data }) => [seq, data])).toEqual([
        [3, 'one'],
        [4, 'two'],
        [5, 'three'],
      ]);
    }
  });

  it('write to a member once, however many of them speak in one turn', async () => {
    await joinRooms(ann, rooms);
    const write = jest.spyOn(connectionOf(ann).channel, 'write');
    const publish = jest.spyOn(service.app.get(MessageBus, { strict: false }), 'publish');
    await sayInAll('all at once');
    await ann.socket.take(50, { data: 'all at once' });
    const writes = write.mock.calls.filter(([bytes]) => bytes.includes('all at once'));
    // A turn that takes long is committed in two batches.
    expect(publish.mock.calls.length).toBeLessThanOrEqual(2);
    expect(writes.length).toBeLessThanOrEqual(publish.mock.calls.length);
  });

  it('tell nobody who is not in them', async () => {
    await joinRooms(ann, rooms.slice(0, 25));
    await sayInAll('hello');
    const told = await ann.socket.take(25, { data: 'hello' });
    await ann.socket.roundTrip();
    expect(ann.socket.rest().filter(({ data }) => data === 'hello')).toEqual([]);
    const names = told.map(({ room }: Frame) => room).sort();
    expect(names).toEqual(NAMES.slice(0, 25).sort());
  });

  it('are all there with the welcome of whoever comes back, at their heads', async () => {
    await joinRooms(ann, rooms);
    await sayInAll('before');
    await ann.socket.close();
    const socket = await join(service, ann.tokens);
    const welcome = socket.frames[0] as Frame & { readonly heads: Record<string, number> };
    expect(welcome.heads).toEqual({
      lobby: 0,
      ...Object.fromEntries(NAMES.map((name) => [name, 3])),
    });
    await sayInAll('after');
    const told = await socket.take(50, { data: 'after' });
    expect(new Set(told.map(({ seq }) => seq))).toEqual(new Set([4]));
  });

  it('tell those who are in one of them, and nobody else, who types there', async () => {
    const cleo = await enter(service, 'cleo');
    await joinRooms(ann, rooms.slice(1, 3));
    await joinRooms(cleo, rooms.slice(2, 3));
    ben.socket.send({ type: 10, room: 'room-1' });
    expect(await ann.socket.next({ type: 10 })).toMatchObject({ room: 'room-1', total: 1 });
    await rooms[1]?.say(ben.tokens.user, 'said');
    expect(await ann.socket.next({ type: 10 })).toMatchObject({ room: 'room-1', total: 0 });
    await cleo.socket.roundTrip();
    expect(cleo.socket.frames.filter(({ type }) => type === 10)).toEqual([]);
  });

  it('are followed while somebody is here who is in them', async () => {
    const channels = service.app.get(RoomChannels);
    await joinRooms(ann, rooms.slice(0, 10));
    await ben.socket.close();
    await until(
      () => Promise.resolve(channels.size === 11 ? true : null),
      'ten rooms and the lobby',
      () => String(channels.size),
    );
    await ann.socket.close();
    await until(
      () => Promise.resolve(channels.size === 1 ? true : null),
      'the lobby alone',
      () => String(channels.size),
    );
    const back = await join(service, ben.tokens);
    expect(channels.size).toBe(51);
    await rooms[7]?.say(ben.tokens.user, 'again');
    expect(await back.next({ data: 'again' })).toMatchObject({ room: 'room-7' });
  });

  it('hold live events back from a connection, each by itself, while its log is read', async () => {
    const hub = service.app.get(Hub);
    const [, one, two] = rooms;
    if (one === undefined || two === undefined) throw new Error('no such rooms');
    await joinRooms(ann, [one, two]);
    const connection = connectionOf(ann);
    hub.hold(connection, one.key);
    await Promise.all([one.say(ben.tokens.user, 'held'), two.say(ben.tokens.user, 'told')]);
    await ann.socket.next({ data: 'told' });
    expect(hub.release(connection, one.key, 2)).toBe(false);
    expect(hub.release(connection, one.key, 3)).toBe(true);
    await one.say(ben.tokens.user, 'live again');
    expect(await ann.socket.next({ room: 'room-1', type: 2 })).toMatchObject({ seq: 4 });
  });
});
