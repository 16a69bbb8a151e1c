import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RoomStore } from '../../../src/chat/conversations/room-store.js';
import { RoomNews } from '../../../src/chat/rooms/room-news.js';
import { PresenceStore } from '../../../src/presence/presence-store.js';
import { Refusal } from '../../../src/kernel/refusal.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { enter, guest, join, type Member } from '../../support/people.js';
import { HandRoom } from '../../support/rooms.js';
import { connect, type Frame, refusal } from '../../support/ws-client.js';
import { caller, crowd } from '../rooms/rest.js';

function names({ data }: Frame): readonly string[] {
  return (JSON.parse(String(data)) as { readonly username: string }[]).map((one) => one.username);
}

describe('Around the rooms of a person', () => {
  let service: RunningApp;
  let owner: Member;
  let count = 0;

  beforeAll(async () => {
    service = await startApp({ PRESENCE_GRACE: '0', PRESENCE_LIST_MAX: '3', RECEIPTS_MAX: '3' });
    owner = await enter(service, 'owner');
  });

  async function roomOf(...members: readonly Member[]): Promise<HandRoom> {
    const room = await HandRoom.make(service, `room-${count++}`, owner.tokens.user);
    for (const { tokens } of members) await room.join(tokens.user);
    return room;
  }

  it('lists who of its members is here, and of too many only how many', async () => {
    const [ann, ben] = [await enter(service, 'ann'), await enter(service, 'ben')];
    const away = await guest(service, 'away');
    const room = await roomOf(ann);
    await room.join(away.user);
    ann.socket.send({ type: 1, room: room.name, ref: 'l' });
    const list = await ann.socket.next({ type: 1, ref: 'l' });
    expect(list).toMatchObject({ room: room.name, total: 2 });
    expect([...names(list)].sort()).toEqual(['ann', 'owner']);
    ben.socket.send({ type: 1, room: room.name, ref: 'l' });
    expect(await ben.socket.next({ type: 7 })).toMatchObject({ code: 'not-a-member' });

    const crowded = await roomOf(
      ann,
      ben,
      await enter(service, 'cleo'),
      await enter(service, 'dan'),
    );
    const among = jest.spyOn(service.app.get(PresenceStore, { strict: false }), 'among');
    for (const ref of ['m', 'n']) {
      ann.socket.send({ type: 1, room: crowded.name, ref });
      const large = await ann.socket.next({ type: 1, ref });
      expect([large, names(large)]).toMatchObject([{ total: 5 }, []]);
    }
    expect(among).toHaveBeenCalledTimes(1);
  });

  it('tells small rooms, by their members, who has read up to where', async () => {
    const [ann, ben] = [await enter(service, 'eve'), await enter(service, 'fay')];
    const room = await roomOf(ann, ben);
    const large = await roomOf(ann, ben, await enter(service, 'gus'));
    for (const one of [large, room]) {
      const { seq } = await one.say(owner.tokens.user, 'unread');
      ann.socket.send({ type: 11, room: one.name, seq });
    }
    const told = await ben.socket.next((frame) => frame.type === 11 && frame.room === room.name);
    expect(told.data).toEqual({ [ann.tokens.user.id]: 4 });
    expect(
      ben.socket.frames.filter(({ type, room: of }) => type === 11 && of === large.name),
    ).toEqual([]);
  });

  it('brings who comes into a large room in at once, and tells its count once a second', async () => {
    const founder = await caller(service, `founder-${count++}`);
    const room = (await founder.found(`large-${count++}`)) as { id: string; name: string };
    await crowd(service, room.id, 301);
    const ann = await enter(service, 'hal');
    const second = await join(service, ann.tokens);
    ann.socket.send({ type: 15, room: room.name, ref: 'j' });
    ann.socket.send({ type: 2, room: room.name, data: 'hello', ref: 'h' });
    await ann.socket.next({ type: 6, ref: 'j' });
    await ann.socket.next({ type: 6, ref: 'h' });
    await second.next({ data: 'hello', room: room.name });
    const other = await caller(service, `other-${count++}`);
    await other.call(`PUT /rooms/${room.name}/members/me`);
    const counted = await second.next({ type: 18, room: room.name });
    expect(counted).toEqual({ type: 18, room: room.name, data: { members: 304 } });
    ann.socket.send({ type: 16, room: room.name, ref: 'p' });
    await ann.socket.next({ type: 6, ref: 'p' });
    ann.socket.send({ type: 2, room: room.name, data: 'gone', ref: 'g' });
    expect(await ann.socket.next({ type: 7, ref: 'g' })).toMatchObject({ code: 'not-a-member' });
  });

  it('tells all devices of a person what happened to the rooms, and who did it', async () => {
    const ann = await enter(service, 'ida');
    const second = await join(service, ann.tokens);
    const room = await service.app.get(RoomStore, { strict: false }).byIds([(await roomOf()).id]);
    const [about] = [...room.values()];
    if (about === undefined) throw new Error('no room');
    const notice = { personId: ann.tokens.user.id, room: about, time: 7 };
    const news = service.app.get(RoomNews);
    news.notify({ ...notice, what: 'invited', by: owner.tokens.user });
    news.notify({ ...notice, what: 'removed', by: null });
    const { id, username } = owner.tokens.user;
    for (const socket of [ann.socket, second]) {
      const data = { room: about.name, title: null, time: 7 };
      expect(await socket.next({ type: 20 })).toEqual({
        ...{ type: 20, user: null },
        data: { ...data, what: 'invited', by: { id, username } },
      });
      expect(await socket.next({ type: 20 })).toEqual({
        ...{ type: 20, user: null },
        data: { ...data, what: 'removed' },
      });
    }
    await owner.socket.roundTrip();
    expect(owner.socket.frames.filter(({ type }) => type === 20)).toEqual([]);
  });

  it('lets nobody in whose rooms are not known, and has them come back', async () => {
    const tokens = await guest(service, 'jon');
    const store = service.app.get(RoomStore, { strict: false });
    const down = jest
      .spyOn(store, 'versionsOf')
      .mockRejectedValueOnce(new Refusal('store-unavailable'));
    const socket = await connect(service.wsUrl, { token: tokens.access_token });
    expect((await socket.closed()).code).toBe(1013);
    expect(down).toHaveBeenCalledTimes(1);
    const again = await join(service, tokens);
    await again.roundTrip();
  });

  it('tells the bounds in the welcome', () => {
    expect(owner.socket.frames[0]).toMatchObject({ limits: { rooms: 1_000, members: 100_000 } });
  });
});

describe('A service without the lobby', () => {
  let service: RunningApp;

  beforeAll(async () => {
    service = await startApp({ LOBBY: 'false', PRESENCE_GRACE: '0' });
  });

  it('has people in their rooms alone', async () => {
    const [ann, ben] = [await enter(service, 'ann'), await enter(service, 'ben')];
    expect(ann.socket.frames[0]).toMatchObject({ heads: {} });
    ann.socket.send({ type: 2, data: 'hello', ref: 'r' });
    expect(await ann.socket.next({ type: 7, ref: 'r' })).toMatchObject({
      ...{ code: 'invalid-field', field: 'room' },
    });
    ann.socket.send({ type: 8, data: { lobby: 0 }, ref: 's' });
    expect(await ann.socket.next({ type: 7, ref: 's' })).toMatchObject({ code: 'not-a-member' });
    const room = await HandRoom.make(service, 'dev', ann.tokens.user);
    await room.join(ben.tokens.user);
    ben.socket.send({ type: 2, data: 'hello', room: 'dev', ref: 'h' });
    expect(await ann.socket.next({ type: 2, data: 'hello' })).toMatchObject({ seq: 3 });
    await ben.socket.close();
    ann.socket.send({ type: 3, data: 'psst', to: 'ben', ref: 'p' });
    await ann.socket.next({ type: 6, ref: 'p' });
    expect(ann.socket.frames.filter(({ type }) => [1, 4, 5].includes(type))).toEqual([]);
    expect((await refusal(service.wsUrl.replace('/chat', '/none'))).status).toBe(404);
  });
});
