import { beforeEach, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { onEachEngine } from '../../support/engines.js';
import { enter, type Member } from '../../support/people.js';
import { type Asking, ask, call, done, items } from './calls.js';
import { makeRoom, sayThere, type TestRoom } from './rooms.js';

onEachEngine((newDatabase) => {
  let place: RunningApp;
  let ann: Member;
  let ben: Member;
  let room: TestRoom;

  beforeEach(async () => {
    place = await startApp(await newDatabase());
    ann = await enter(place, 'ann');
    ben = await enter(place, 'ben');
    room = await makeRoom(place, 'den', [
      [ann.tokens, 'moderator'],
      [ben.tokens, 'member'],
    ]);
  });

  const pin = (socket: Asking, target: number, data = true) =>
    ask(socket, { type: 17, room: 'den', target, data });

  describe('A pin', () => {
    it('stands in the list of pins, the latest first, and on the message', async () => {
      for (const text of ['a', 'b', 'c']) await sayThere(place, room, ben.tokens, text);
      expect(await pin(ann.socket, 3)).toMatchObject({ type: 6, seq: 4 });
      expect(await pin(ann.socket, 1)).toMatchObject({ type: 6, seq: 5 });
      const pins = await items(place, ben.tokens, '/rooms/den/pins');
      expect(pins).toMatchObject([
        { data: 'a', pinned: true },
        { data: 'c', pinned: true },
      ]);
      const page = await items(place, ben.tokens, '/rooms/den/messages');
      expect(page.map((item) => item['pinned'])).toEqual([true, undefined, true]);
      await pin(ann.socket, 1, false);
      expect(await items(place, ben.tokens, '/rooms/den/pins')).toMatchObject([{ data: 'c' }]);
    });

    it('twice is once', async () => {
      await sayThere(place, room, ben.tokens, 'a');
      expect(await pin(ann.socket, 1)).toMatchObject({ type: 6, seq: 2 });
      expect(await pin(ann.socket, 1)).toMatchObject({ type: 6, seq: 2 });
      expect(await pin(ann.socket, 1, false)).toMatchObject({ type: 6, seq: 3 });
      expect(await pin(ann.socket, 1, false)).toMatchObject({ type: 6, seq: 3 });
    });

    it('takes the right to', async () => {
      await sayThere(place, room, ben.tokens, 'a');
      expect(await pin(ben.socket, 1)).toMatchObject({
        ...{ type: 7, code: 'forbidden', needs: 'moderator' },
      });
    });

    it('is one of a hundred at the most', async () => {
      for (let seq = 1; seq <= 101; seq++) await sayThere(place, room, ben.tokens, `${seq}`);
      for (let seq = 1; seq <= 100; seq++) {
        expect(await pin(ann.socket, seq)).toMatchObject({ type: 6 });
      }
      expect(await pin(ann.socket, 101)).toMatchObject({
        ...{ type: 7, code: 'limit-reached', limit: 100 },
      });
      await pin(ann.socket, 50, false);
      expect(await pin(ann.socket, 101)).toMatchObject({ type: 6 });
    });

    it('goes with the message', async () => {
      await sayThere(place, room, ben.tokens, 'a');
      await pin(ann.socket, 1);
      await done(ann.socket, { type: 13, room: 'den', target: 1 });
      expect(await items(place, ben.tokens, '/rooms/den/pins')).toEqual([]);
    });

    it('comes as a frame to both in private, and over HTTP as well', async () => {
      const seq = await done(ann.socket, { type: 3, to: 'ben', data: 'psst' });
      const path = `/direct/ann/messages/${String(seq)}/pin`;
      await call(place, ben.tokens, 'PUT', path);
      expect(await ann.socket.next({ type: 17 })).toEqual({
        ...{ type: 17, user: ben.tokens.user, to: 'ann', target: seq, data: true, seq: seq + 1 },
        ...{ id: expect.any(String), time: expect.any(Number) },
      });
      await call(place, ben.tokens, 'DELETE', path);
      expect(await ann.socket.next({ type: 17, data: false })).toMatchObject({ target: seq });
    });
  });
});
