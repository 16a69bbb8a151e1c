import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import type { NewDatabase } from '../../support/engines.js';
import { onEachEngineAndTransport } from '../../support/transports.js';
import type { Clients } from '../../support/ways-in.js';

onEachEngineAndTransport(talking);

function talking(newDatabase: NewDatabase, clients: Clients): void {
  const { enter, join } = clients;

  describe('Talking', () => {
    let place: RunningApp;

    beforeAll(async () => {
      place = await startApp(await newDatabase());
    });

    it('begins with a welcome that says who I am, where the room stands and what is allowed', async () => {
      const { tokens, socket } = await enter(place, 'greeted');
      expect(socket.frames[0]).toEqual({
        type: 2,
        user: null,
        data: 'Welcome to the chat',
        time: expect.any(Number),
        self: tokens.user,
        session: { id: expect.any(String), expires_at: expect.any(Number) },
        heads: { lobby: expect.any(Number) },
        limits: {
          ...{ text: 4000, frame: 65_536, typing: 1000, receipts: 100 },
          ...{ rooms: 1000, members: 100_000 },
          // Files are off where several nodes may serve and no folder is set that they share.
          ...{ attachment: expect.any(Number), attachments: expect.any(Number) },
          quota: expect.any(Number),
        },
        heartbeat: 25_000,
      });
    });

    it('brings what one says in the lobby to everybody', async () => {
      const ann = await enter(place, 'ann');
      const ben = await enter(place, 'ben');
      ann.socket.send({ type: 2, data: 'hello, everybody' });
      const expected = {
        type: 2,
        user: ann.tokens.user,
        data: 'hello, everybody',
        room: 'lobby',
        id: expect.stringMatching(/^[0-9A-Z]{26}$/),
        seq: expect.any(Number),
        time: expect.any(Number),
      };
      const seen = await ben.socket.next({ type: 2, data: 'hello, everybody' });
      expect(seen).toEqual(expected);
      if (clients.echoes) {
        expect(await ann.socket.next({ type: 2, data: 'hello, everybody' })).toEqual(seen);
      }
    });

    it('numbers what is said in a room without a gap', async () => {
      const { socket } = await enter(place, 'counter');
      const listener = await enter(place, 'teller');
      for (let i = 0; i < 20; i++) socket.send({ type: 2, data: `count ${i}` });
      const frames = await listener.socket.take(20, (frame) =>
        String(frame.data).startsWith('count '),
      );
      expect(frames.map((frame) => frame.data)).toEqual(frames.map((_, i) => `count ${i}`));
      const first = frames[0]?.seq ?? 0;
      expect(frames.map((frame) => frame.seq)).toEqual(frames.map((_, i) => first + i));
    });

    it('acknowledges a message with a ref once it is stored, and says where it stands', async () => {
      const { socket } = await enter(place, 'acked');
      const listener = await enter(place, 'witness');
      socket.send({ type: 2, data: 'with a ref', ref: 'r-1' });
      const frame = await listener.socket.next({ type: 2, data: 'with a ref' });
      expect(await socket.next({ type: 6 })).toEqual({
        type: 6,
        ref: 'r-1',
        room: 'lobby',
        id: frame.id,
        seq: frame.seq,
        time: frame.time,
      });
    });

    it('stores the same ref once, and acknowledges it each time with the same place [F15]', async () => {
      const { tokens, socket } = await enter(place, 'repeats');
      const other = await join(place, tokens);
      const listener = await enter(place, 'hears-once');
      for (const device of [socket, socket, other]) {
        device.send({ type: 2, data: 'only once', ref: 'again' });
      }
      const [first, second] = await socket.take(2, { type: 6, ref: 'again' });
      const third = await other.next({ type: 6, ref: 'again' });
      expect(second).toEqual(first);
      expect(third).toEqual(first);
      await listener.socket.roundTrip();
      const heard = listener.socket.frames.filter((frame) => frame.data === 'only once');
      expect(heard).toHaveLength(1);
    });

    it('rejects a ref that stands for another text, and the first text stays [S42]', async () => {
      const { socket } = await enter(place, 'conflicted');
      const listener = await enter(place, 'hears-the-first');
      socket.send({ type: 2, data: 'the first', ref: 'same' });
      socket.send({ type: 2, data: 'the second', ref: 'same' });
      await socket.next({ type: 6, ref: 'same' });
      expect(await socket.next({ type: 7 })).toMatchObject({
        ref: 'same',
        code: 'ref-conflict',
        retryable: false,
      });
      await listener.socket.roundTrip();
      expect(listener.socket.frames.some((frame) => frame.data === 'the first')).toBe(true);
      expect(listener.socket.frames.some((frame) => frame.data === 'the second')).toBe(false);
    });

    it('brings a private message to all connections of both, and to nobody else', async () => {
      const eve = await enter(place, 'eve');
      const frank = await enter(place, 'frank');
      const eveAtHome = await join(place, eve.tokens);
      const frankAtHome = await join(place, frank.tokens);
      const stranger = await enter(place, 'stranger');
      eve.socket.send({ type: 3, to: 'frank', data: 'psst', ref: 'p' });
      const seen = await frank.socket.next({ type: 3 });
      expect(seen).toEqual({
        type: 3,
        user: eve.tokens.user,
        to: 'frank',
        data: 'psst',
        id: expect.any(String),
        seq: 1,
        time: expect.any(Number),
      });
      expect(await frankAtHome.next({ type: 3 })).toEqual(seen);
      expect(await eveAtHome.next({ type: 3 })).toEqual(seen);
      expect(await eve.socket.next({ type: 6 })).toEqual({
        type: 6,
        ref: 'p',
        to: 'frank',
        id: seen.id,
        seq: 1,
        time: seen.time,
      });
      await stranger.socket.roundTrip();
      await eve.socket.roundTrip();
      expect(stranger.socket.frames.some((frame) => frame.type === 3)).toBe(false);
      expect(eve.socket.frames.some((frame) => frame.type === 3)).toBe(false);
    });

    it('finds a recipient however the name is written', async () => {
      const gus = await enter(place, 'Gustav');
      const { socket } = await enter(place, 'writer');
      socket.send({ type: 3, to: 'gUSTAV', data: 'same person' });
      expect(await gus.socket.next({ type: 3 })).toMatchObject({
        to: 'Gustav',
        data: 'same person',
      });
    });

    it('brings a private message on return to somebody who was away', async () => {
      const ivy = await enter(place, 'ivy');
      const jon = await enter(place, 'jon');
      await jon.socket.close();
      for (const data of ['first', 'second'])
        ivy.socket.send({ type: 3, to: 'jon', data, ref: data });
      await ivy.socket.take(2, { type: 6 });
      const back = await join(place, jon.tokens);
      const missed = await back.take(2, { type: 3 });
      expect(missed.map((frame) => [frame.seq, frame.data])).toEqual([
        [1, 'first'],
        [2, 'second'],
      ]);
    });

    it('brings nothing again to somebody who was away for a moment', async () => {
      const kim = await enter(place, 'kim');
      const leo = await enter(place, 'leo');
      kim.socket.send({ type: 3, to: 'leo', data: 'received' });
      await leo.socket.next({ type: 3 });
      await leo.socket.close();
      kim.socket.send({ type: 3, to: 'leo', data: 'missed', ref: 'missed' });
      await kim.socket.next({ type: 6 });
      const back = await join(place, leo.tokens);
      expect(await back.next({ type: 3 })).toMatchObject({ seq: 2, data: 'missed' });
      expect(back.frames.filter((frame) => frame.type === 3)).toHaveLength(1);
    });
  });
}
