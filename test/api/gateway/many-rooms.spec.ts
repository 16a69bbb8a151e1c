import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Access } from '../../../src/chat/conversations/access.js';
import { roomKey } from '../../../src/chat/conversations/key.js';
import type { Receipt } from '../../../src/chat/log/event.js';
import { Journal } from '../../../src/chat/log/journal.js';
import { ConnectionRegistry } from '../../../src/gateway/connections/connection-registry.js';
import type { Connection } from '../../../src/gateway/connections/connection.js';
import { Hub } from '../../../src/gateway/delivery/hub.js';
import { UlidFactory } from '../../../src/kernel/ids.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, type Member } from '../../support/people.js';
import type { Frame } from '../../support/ws-client.js';

const ROOMS = Array.from({ length: 50 }, (_, at) => `room-${at}`);
const ids = new UlidFactory();

/** Rooms are still only opened from inside: clients know the lobby. */
describe('Fifty rooms on one node', () => {
  let service: RunningApp;
  let hub: Hub;
  let ann: Member;
  let ben: Member;

  beforeEach(async () => {
    service = await startApp({ PRESENCE_GRACE: '0' });
    hub = service.app.get(Hub);
    // The gate knows the lobby only, so far.
    jest.spyOn(service.app.get(Access), 'mayDo').mockReturnValue({ allowed: true });
    ann = await enter(service, 'ann');
    ben = await enter(service, 'ben');
    for (const room of ROOMS) await hub.openRoom(roomKey(room));
  });

  afterEach(() => service.app.close());

  function connectionOf({ tokens }: Member): Connection {
    const [connection] = service.app.get(ConnectionRegistry).ofPerson(tokens.user.id);
    if (connection === undefined) throw new Error('not connected');
    return connection;
  }

  function joinRooms(member: Member, rooms: readonly string[]): void {
    for (const room of rooms) hub.join(connectionOf(member), roomKey(room));
  }

  function say(room: string, text: string): Promise<Receipt> {
    const time = Date.now();
    const { user } = ben.tokens;
    return service.app.get(Journal).write(
      {
        conversation: roomKey(room),
        id: ids.next(time),
        time,
        author: { id: user.id, username: user.username },
        to: null,
        kind: 'message',
        target: null,
        body: text,
        counts: true,
        ref: null,
      },
      'elsewhere.1',
    );
  }

  it('tell a member what is said in each of them, in its order and once', async () => {
    joinRooms(ann, ROOMS);
    for (const text of ['one', 'two', 'three']) {
      await Promise.all(ROOMS.map((room) => say(room, text)));
    }
    const frames = await ann.socket.take(150, ({ room }) => room?.startsWith('room-') === true);
    for (const room of ROOMS) {
      const told = frames.filter((frame) => frame.room === room);
      expect(told.map(({ seq, data }) => [seq, data])).toEqual([
        [1, 'one'],
        [2, 'two'],
        [3, 'three'],
      ]);
    }
  });

  it('write to a member once, however many of them speak in one turn', async () => {
    joinRooms(ann, ROOMS);
    const write = jest.spyOn(connectionOf(ann).channel, 'write');
    await Promise.all(ROOMS.map((room) => say(room, 'all at once')));
    await ann.socket.take(50, { data: 'all at once' });
    expect(write.mock.calls.filter(([bytes]) => bytes.includes('all at once'))).toHaveLength(1);
  });

  it('tell nobody who is not in them', async () => {
    joinRooms(ann, ROOMS.slice(0, 25));
    joinRooms(ben, ROOMS.slice(25));
    await Promise.all(ROOMS.map((room) => say(room, 'hello')));
    const toldTo = async ({ socket }: Member): Promise<readonly Frame['room'][]> => {
      const frames = await socket.take(25, { data: 'hello' });
      await socket.roundTrip();
      expect(socket.rest().filter(({ data }) => data === 'hello')).toEqual([]);
      return frames.map(({ room }) => room).sort();
    };
    expect(await toldTo(ann)).toEqual(ROOMS.slice(0, 25).sort());
    expect(await toldTo(ben)).toEqual(ROOMS.slice(25).sort());
  });

  it('are followed from the number on that they had when they were opened', async () => {
    await say('late', 'before');
    await hub.openRoom(roomKey('late'));
    expect(hub.heads([roomKey('late')])).toEqual({ late: 1 });
    joinRooms(ann, ['late']);
    await say('late', 'after');
    expect(await ann.socket.next({ room: 'late' })).toMatchObject({ seq: 2, data: 'after' });
  });

  it('tell those who are in one of them, and nobody else, who types there', async () => {
    const cleo = await enter(service, 'cleo');
    joinRooms(ann, ['room-1', 'room-2']);
    joinRooms(ben, ['room-1']);
    joinRooms(cleo, ['room-2']);
    ben.socket.send({ type: 10, room: 'room-1' });
    expect(await ann.socket.next({ type: 10 })).toMatchObject({ room: 'room-1', total: 1 });
    await say('room-1', 'said');
    expect(await ann.socket.next({ type: 10 })).toMatchObject({ room: 'room-1', total: 0 });
    await cleo.socket.roundTrip();
    expect(cleo.socket.frames.filter(({ type }) => type === 10)).toEqual([]);
  });

  it('are closed when the last one leaves, and can be opened again', async () => {
    joinRooms(ann, ROOMS);
    joinRooms(ben, ROOMS.slice(0, 1));
    expect(hub.rooms).toBe(51);
    const gone = new Promise<void>((resolve) =>
      ann.socket.raw.once('close', () => {
        resolve();
      }),
    );
    ann.socket.raw.close();
    await gone;
    await ben.socket.next({ type: 5 });
    expect(hub.rooms).toBe(2);
    await hub.openRoom(roomKey('room-7'));
    joinRooms(ben, ['room-7']);
    await say('room-7', 'again');
    expect(await ben.socket.next({ room: 'room-7' })).toMatchObject({ seq: 1, data: 'again' });
  });

  it('hold live events back from a connection, each by itself, while its log is read', async () => {
    joinRooms(ann, ['room-1', 'room-2']);
    const connection = connectionOf(ann);
    hub.hold(connection, roomKey('room-1'));
    await Promise.all([say('room-1', 'held'), say('room-2', 'told')]);
    await ann.socket.next({ room: 'room-2' });
    expect(hub.release(connection, roomKey('room-1'), 0)).toBe(false);
    expect(hub.release(connection, roomKey('room-1'), 1)).toBe(true);
    await say('room-1', 'live again');
    expect(await ann.socket.next({ room: 'room-1' })).toMatchObject({ seq: 2 });
  });
});
