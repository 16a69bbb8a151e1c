import { beforeEach, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import type { NewDatabase } from '../../support/engines.js';
import { guest } from '../../support/people.js';
import { onEachEngineAndFormat } from '../../support/transports.js';
import type { AnyMember, Clients } from '../../support/ways-in.js';
import { ask, call, done, items } from './calls.js';
import { enterRoom, makeRoom, sayThere } from './rooms.js';

onEachEngineAndFormat(deleting);

function deleting(newDatabase: NewDatabase, clients: Clients): void {
  let place: RunningApp;
  let ann: AnyMember;
  let ben: AnyMember;

  beforeEach(async () => {
    place = await startApp(await newDatabase());
    ann = await clients.enter(place, 'ann');
    ben = await clients.enter(place, 'ben');
  });

  describe('A deletion', () => {
    it('leaves number, author and time, and is told at a number of its own', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'secret' });
      const at = await done(ann.socket, { type: 13, target: seq, reason: 'a slip' });
      expect(await ben.socket.next({ type: 13 })).toEqual({
        ...{ type: 13, user: ann.tokens.user, room: 'lobby', target: seq, reason: 'a slip' },
        ...{ seq: at, id: expect.any(String), time: expect.any(Number) },
      });
      const [item] = await items(place, ben.tokens, '/rooms/lobby/messages');
      const said = ben.socket.frames.find((frame) => frame.seq === seq);
      expect(item).toEqual({ ...said, data: '', deleted: { seq: at, by: ann.tokens.user } });
    });

    it('takes the text from whatever a Sync brings, earlier edits included [S58]', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'secret one' });
      const edit = await done(ann.socket, { type: 12, target: seq, data: 'secret two' });
      const liked = await done(ben.socket, { type: 14, target: seq, data: '👍' });
      const at = await done(ann.socket, { type: 13, target: seq });
      const late = await clients.join(place, ben.tokens);
      late.send({ type: 8, data: { lobby: 0 }, ref: 's' });
      await late.next({ type: 8, ref: 's' });
      const deleted = { seq: at, by: ann.tokens.user };
      const brought = late.frames.filter((frame) => frame.room === 'lobby' && frame.seq);
      expect(brought).toMatchObject([
        { type: 2, seq, data: '', deleted },
        { type: 12, seq: edit, target: seq, data: '', deleted },
        { type: 14, seq: liked, target: seq, data: {}, deleted },
        { type: 13, seq: at, target: seq },
      ]);
      expect(JSON.stringify(late.frames)).not.toContain('secret');
    });

    it('works in private, for the author alone', async () => {
      const seq = await done(ann.socket, { type: 3, to: 'ben', data: 'psst' });
      expect(await ask(ben.socket, { type: 13, to: 'ann', target: seq })).toMatchObject({
        ...{ type: 7, code: 'forbidden' },
      });
      await done(ann.socket, { type: 13, to: 'ben', target: seq });
      expect(await ben.socket.next({ type: 13 })).toMatchObject({ to: 'ben', target: seq });
      const [item] = await items(place, ben.tokens, '/direct/ann/messages');
      expect(item).toMatchObject({ data: '', deleted: { seq: seq + 1 } });
    });

    it('is final: nothing can be done to what is gone', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'secret' });
      const deletion = { type: 13, target: seq, ref: 'd' };
      const at = await done(ann.socket, deletion);
      expect(await done(ann.socket, deletion)).toBe(at);
      const attempts = [
        { type: 13, target: seq },
        { type: 12, target: seq, data: 'again' },
        { type: 14, target: seq, data: '👍' },
        { type: 2, data: 'what?', reply: seq },
        { type: 2, data: 'what?', thread: seq },
      ];
      for (const attempt of attempts) {
        expect(await ask(ann.socket, attempt)).toMatchObject({ type: 7, code: 'message-deleted' });
      }
      const path = `/rooms/lobby/messages/${String(seq)}`;
      expect((await call(place, ann.tokens, 'DELETE', path)).status).toBe(410);
    });

    it('of what others said takes the right to, and the Reject says from which role on', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'mine' });
      expect(await ask(ben.socket, { type: 13, target: seq })).toMatchObject({
        ...{ type: 7, code: 'forbidden', needs: 'moderator' },
      });
      const room = await makeRoom(place, 'den', [
        [ann.tokens, 'moderator'],
        [ben.tokens, 'member'],
      ]);
      const there = await sayThere(place, room, ben.tokens, 'rude');
      const path = `/rooms/den/messages/${String(there)}`;
      expect(await call(place, ann.tokens, 'DELETE', path)).toMatchObject({ status: 200 });
      const [item] = await items(place, ben.tokens, '/rooms/den/messages');
      expect(item).toMatchObject({ data: '', deleted: { by: ann.tokens.user } });
    });

    it('of many is one event, for those with the right', async () => {
      const room = await makeRoom(place, 'den', [
        [ann.tokens, 'moderator'],
        [ben.tokens, 'member'],
      ]);
      for (const text of ['a', 'b', 'c', 'd']) await sayThere(place, room, ben.tokens, text);
      const range = { type: 13, room: 'den', target: [2, 3] };
      expect(await ask(ben.socket, range)).toMatchObject({ type: 7, code: 'forbidden' });
      const at = await done(ann.socket, range);
      const page = await items(place, ben.tokens, '/rooms/den/messages');
      expect(page.map(({ data }) => data)).toEqual(['a', '', '', 'd']);
      expect(at).toBe(5);
      for (const target of [
        [3, 2],
        [1, 101],
        [0, 1],
        [1, 2, 3],
      ]) {
        expect(await ask(ann.socket, { ...range, target })).toMatchObject({
          ...{ type: 7, code: 'invalid-field', field: 'target' },
        });
      }
      expect(await ask(ann.socket, { ...range, target: [4, 9] })).toMatchObject({
        ...{ type: 7, code: 'unknown-message' },
      });
      expect(await ask(ann.socket, range)).toMatchObject({ type: 7, code: 'message-deleted' });
    });

    it('over HTTP may be of many as well, and have a reason', async () => {
      const room = await makeRoom(place, 'den', [
        [ann.tokens, 'moderator'],
        [ben.tokens, 'member'],
      ]);
      for (const text of ['a', 'b', 'c', 'd']) await sayThere(place, room, ben.tokens, text);
      const path = '/rooms/den/messages/2';
      for (const [query, field] of [
        ['up_to=1', 'up_to'],
        ['up_to=102', 'up_to'],
        ['up_to=x', 'up_to'],
        ['reason=', 'reason'],
        ['reason=a&reason=b', 'reason'],
        [`reason=${'x'.repeat(501)}`, 'reason'],
      ]) {
        expect(await call(place, ann.tokens, 'DELETE', `${path}?${query}`)).toMatchObject({
          ...{ status: 400, body: { field } },
        });
      }
      expect(await call(place, ben.tokens, 'DELETE', `${path}?up_to=3`)).toMatchObject({
        ...{ status: 403, body: { code: 'forbidden' } },
      });
      const reason = 'not here';
      const query = `up_to=3&reason=${encodeURIComponent(reason)}`;
      const { body } = await call(place, ann.tokens, 'DELETE', `${path}?${query}`);
      const late = await clients.join(place, ben.tokens);
      late.send({ type: 8, data: { den: 4 }, ref: 's' });
      expect(await late.next({ type: 13 })).toMatchObject({
        ...{ room: 'den', target: [2, 3], reason, seq: body['seq'] },
      });
      const page = await items(place, ben.tokens, '/rooms/den/messages');
      expect(page.map(({ data }) => data)).toEqual(['a', '', '', 'd']);
    });

    it('does not reach what the person may not see', async () => {
      const room = await makeRoom(place, 'den', [[ann.tokens, 'owner']], 'joined');
      const seq = await sayThere(place, room, ann.tokens, 'before');
      await sayThere(place, room, ann.tokens, 'at the door');
      await enterRoom(place, room, ben.tokens, 'moderator');
      for (const frame of [
        { type: 13, target: seq },
        { type: 13, target: [seq, seq + 1] },
        { type: 14, target: seq, data: '👍' },
        { type: 17, target: seq, data: true },
      ]) {
        expect(await ask(ben.socket, { room: 'den', ...frame })).toMatchObject({
          ...{ type: 7, code: 'unknown-message' },
        });
      }
    });

    it('leaves nothing in an export, and leaves what was said unread no longer [S58]', async () => {
      const cat = await guest(place, 'cat');
      const seqs = [];
      for (const text of ['one', 'secret', 'three']) {
        seqs.push(await done(ann.socket, { type: 3, to: 'cat', data: text }));
      }
      const unread = async () =>
        (await items(place, cat, '/conversations'))
          .filter(({ user }) => user?.username === 'ann')
          .map((item) => item['unread']);
      expect(await unread()).toEqual([3]);
      await done(ann.socket, { type: 13, to: 'cat', target: seqs[1] });
      expect(await unread()).toEqual([2]);
      expect(
        (await call(place, cat, 'PUT', '/direct/ann/read', { seq: seqs[0] })).body,
      ).toMatchObject({ unread: 1 });
      expect(
        (await call(place, cat, 'PUT', '/direct/ann/read', { seq: seqs[1] })).body,
      ).toMatchObject({ unread: 1 });
      for (const format of ['ndjson', 'json', 'csv', 'txt']) {
        const headers = { authorization: `Bearer ${cat.access_token}` };
        const url = `${place.url}/direct/ann/export?format=${format}`;
        const text = await (await fetch(url, { headers })).text();
        expect(text).toContain('three');
        expect(text).not.toContain('secret');
      }
    });
  });
}
