import { beforeEach, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, guest, type Member, type Tokens } from '../../support/people.js';
import { HandRoom } from '../../support/rooms.js';
import { joinBySocketIo, type SocketIoClient } from '../../support/socket-io-client.js';
import { startProxy, type TcpProxy } from '../../support/tcp-proxy.js';

describe('A Socket.IO client that comes back to its rooms', () => {
  let service: RunningApp;
  let proxy: TcpProxy;
  let owner: Member;
  let tokens: Tokens;
  let client: SocketIoClient;
  let rooms: readonly [loud: HandRoom, quiet: HandRoom];

  beforeEach(async () => {
    service = await startApp();
    proxy = await startProxy(Number(new URL(service.url).port));
    owner = await enter(service, 'owner');
    tokens = await guest(service, 'ann');
    rooms = [await makeRoom('loud'), await makeRoom('quiet')];
    for (const room of rooms) await room.join(tokens.user);
    client = await joinBySocketIo(proxy, tokens, { transports: ['websocket'] });
    await client.roundTrip();
    await say(rooms[0], 'heard');
    await client.next({ data: 'heard' });
  });

  function makeRoom(name: string): Promise<HandRoom> {
    return HandRoom.make(service, name, owner.tokens.user);
  }

  function say(room: HandRoom, text: string): Promise<unknown> {
    return room.say(owner.tokens.user, text);
  }

  function told({ name }: HandRoom): readonly unknown[] {
    return client.frames.filter(({ room, seq }) => room === name && seq !== undefined);
  }

  async function whileAway(happens: () => Promise<unknown>): Promise<void> {
    const gone = client.until('disconnect');
    proxy.goDown();
    await gone;
    await happens();
    const back = client.until('connect');
    proxy.comeUp();
    await back;
    await client.next({ type: 8 });
  }

  it('is brought what it missed in each of them, also where nothing had come before', async () => {
    await whileAway(async () => {
      for (const room of rooms) await say(room, 'missed');
    });
    expect(client.raw.recovered).toBe(true);
    for (const room of rooms) await say(room, 'live');
    await client.take(2, { data: 'live' });
    const [loud, quiet] = rooms.map(told);
    expect(loud).toMatchObject([{ seq: 3 }, { seq: 4, data: 'missed' }, { seq: 5, data: 'live' }]);
    expect(quiet).toMatchObject([
      { seq: 3, data: 'missed' },
      { seq: 4, data: 'live' },
    ]);
  });

  it('is brought rooms that the person came into, from the Join on', async () => {
    const late: HandRoom[] = [];
    await whileAway(async () => {
      const room = await makeRoom('late');
      late.push(room);
      await say(room, 'before');
      await room.join(tokens.user);
      await say(room, 'missed');
    });
    await client.next({ data: 'missed' });
    expect(late.flatMap(told)).toMatchObject([{ type: 15, seq: 3 }, { seq: 4 }]);
  });

  it('is brought rooms that the person went from up to the Part, and nothing above', async () => {
    const [loud] = rooms;
    await whileAway(async () => {
      await say(loud, 'missed');
      await loud.part(tokens.user, owner.tokens.user);
      await say(loud, 'not for you');
    });
    await say(rooms[1], 'live');
    await client.next({ data: 'live' });
    expect(told(loud)).toMatchObject([{ seq: 3 }, { seq: 4 }, { type: 16, seq: 5 }]);
  });

  it('is brought a room that has another name by now, from where it was', async () => {
    const [loud] = rooms;
    await whileAway(async () => {
      await loud.rename(owner.tokens.user, 'silent');
      await say(loud, 'missed');
    });
    expect(told(loud)).toMatchObject([
      { type: 18, seq: 4 },
      { seq: 5, data: 'missed' },
    ]);
    await loud.rename(owner.tokens.user, 'noisy');
    await client.next({ type: 18, room: 'noisy' });
    await whileAway(() => say(loud, 'missed again'));
    expect(told(loud)).toMatchObject([{ type: 18, seq: 6 }, { seq: 7 }]);
  });
});
