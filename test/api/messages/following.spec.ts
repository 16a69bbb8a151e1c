import { beforeEach, describe, expect, it } from '@jest/globals';
import { RoomStore } from '../../../src/chat/conversations/room-store.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { onEachEngine } from '../../support/engines.js';
import { enter, guest, join, type Member, type Tokens } from '../../support/people.js';
import { ask, call, done, items } from './calls.js';
import { makeRoom } from './rooms.js';

onEachEngine((newDatabase) => {
  let place: RunningApp;
  let ann: Member;
  let ben: Member;

  beforeEach(async () => {
    place = await startApp(await newDatabase());
    ann = await enter(place, 'ann');
    ben = await enter(place, 'ben');
  });

  /** Begins a thread that Ben has answered. @returns its number */
  async function begin(...replies: readonly string[]): Promise<number> {
    const root = await done(ann.socket, { type: 2, data: 'root' });
    for (const data of replies) await done(ben.socket, { type: 2, data, thread: root });
    return root;
  }

  const threads = (reader: Tokens) => items(place, reader, '/threads');
  const pathOf = (root: number, what: string) =>
    `/rooms/lobby/messages/${String(root)}/thread/${what}`;

  describe('A thread', () => {
    it('is followed by who began it and who replies, each with what is unread', async () => {
      const cat = await guest(place, 'cat');
      const root = await begin('one', 'two');
      expect(await threads(ann.tokens)).toMatchObject([
        {
          ...{ room: 'lobby', count: 2, last_seq: root + 2, read: root, unread: 2 },
          root: { data: 'root', seq: root, thread: { count: 2 } },
        },
      ]);
      expect(await threads(ben.tokens)).toMatchObject([{ read: root + 2, unread: 0 }]);
      expect(await threads(cat)).toEqual([]);
      const page = await call(place, cat, 'GET', `/rooms/lobby/messages/${String(root)}/thread`);
      expect(page.body['me']).toEqual({ following: false, seq: 0, unread: 0 });
    });

    it('is read apart from its room, and other devices are told', async () => {
      const root = await begin('one', 'two');
      const other = await join(place, ann.tokens);
      ann.socket.send({ type: 11, room: 'lobby', thread: root, seq: root + 1, ref: 'r' });
      const mark = { user: ann.tokens.user, room: 'lobby', thread: root, seq: root + 1, unread: 1 };
      expect(await ann.socket.next({ type: 11, ref: 'r' })).toEqual({
        type: 11,
        ...mark,
        ref: 'r',
      });
      expect(await other.next({ type: 11 })).toEqual({ type: 11, ...mark });
      const path = pathOf(root, 'read');
      const back = await call(place, ann.tokens, 'PUT', path, { seq: root + 1, unread: true });
      expect(back).toMatchObject({ status: 200, body: { following: true, seq: root, unread: 2 } });
      expect(await other.next({ type: 11 })).toMatchObject({ thread: root, seq: root, unread: 2 });
      const [lobby] = await items(place, ann.tokens, '/conversations');
      expect(lobby).toMatchObject({ room: 'lobby', read: root, unread: 0 });
    });

    it('has its own number of what is unread, whatever is said in the room', async () => {
      const cat = await enter(place, 'cat');
      const root = await begin('one');
      await done(cat.socket, { type: 2, data: 'elsewhere' });
      await done(cat.socket, { type: 2, data: 'for all', thread: root, also: true });
      expect(await threads(ann.tokens)).toMatchObject([{ count: 2, unread: 1 }]);
      const unread = async () => (await items(place, ann.tokens, '/conversations'))[0]?.['unread'];
      expect(await unread()).toBe(2);
      await done(ann.socket, { type: 2, data: 'aside', thread: root });
      expect(await threads(ann.tokens)).toMatchObject([{ unread: 0 }]);
      expect(await unread()).toBe(2);
    });

    it('is followed by hand, and not any more, until one replies there', async () => {
      const cat = await enter(place, 'cat');
      const root = await begin('one');
      const followed = await call(place, cat.tokens, 'PUT', pathOf(root, 'follow'));
      expect(followed).toMatchObject({ status: 200, body: { following: true, unread: 0 } });
      await done(ben.socket, { type: 2, data: 'two', thread: root });
      expect(await threads(cat.tokens)).toMatchObject([{ unread: 1 }]);
      const gone = await call(place, cat.tokens, 'DELETE', pathOf(root, 'follow'));
      expect(gone).toMatchObject({ status: 200, body: { following: false, unread: 0 } });
      await done(ben.socket, { type: 2, data: 'three', thread: root });
      expect(await threads(cat.tokens)).toEqual([]);
      cat.socket.send({ type: 11, room: 'lobby', thread: root, seq: root + 1, ref: 'r' });
      expect(await cat.socket.next({ ref: 'r' })).toMatchObject({ type: 11, seq: 0, unread: 0 });
      await done(cat.socket, { type: 2, data: 'me too', thread: root });
      expect(await threads(cat.tokens)).toMatchObject([{ unread: 0 }]);
    });

    it('can be followed before anybody replied, and is none that stands in a thread', async () => {
      const root = await begin();
      await call(place, ben.tokens, 'PUT', pathOf(root, 'follow'));
      expect(await threads(ben.tokens)).toMatchObject([{ count: 0, last_seq: 0, unread: 0 }]);
      const reply = await done(ann.socket, { type: 2, data: 'one', thread: root });
      expect(await threads(ben.tokens)).toMatchObject([{ count: 1, unread: 1 }]);
      for (const [seq, status, code] of [
        [reply, 400, 'invalid-field'],
        [999, 404, 'unknown-message'],
      ] as const) {
        expect(await call(place, ben.tokens, 'PUT', pathOf(seq, 'follow'))).toMatchObject({
          ...{ status, body: { code, field: 'seq' } },
        });
      }
      expect(await ask(ben.socket, { type: 11, data: { lobby: 1 }, thread: root })).toMatchObject({
        type: 7,
        code: 'invalid-field',
        field: 'thread',
      });
    });

    it('has less to read when a reply is deleted, and shows that its beginning was', async () => {
      const root = await begin('one', 'two');
      await done(ben.socket, { type: 13, target: root + 1 });
      expect(await threads(ann.tokens)).toMatchObject([{ count: 1, unread: 1 }]);
      await done(ann.socket, { type: 13, target: root });
      expect(await threads(ann.tokens)).toMatchObject([{ root: { data: '', deleted: {} } }]);
      const gone = await call(place, ann.tokens, 'DELETE', pathOf(root, 'follow'));
      expect(gone).toMatchObject({ status: 200, body: { following: false } });
      expect(await threads(ann.tokens)).toEqual([]);
    });

    it('works in private', async () => {
      const root = await done(ann.socket, { type: 3, to: 'ben', data: 'root' });
      const at = await done(ben.socket, { type: 3, to: 'ann', data: 'aside', thread: root });
      expect(await threads(ann.tokens)).toMatchObject([
        { user: ben.tokens.user, unread: 1, root: { type: 3, to: 'ben' } },
      ]);
      ann.socket.send({ type: 11, to: 'ben', thread: root, seq: at, ref: 'r' });
      const mark = { type: 11, to: 'ben', thread: root, seq: at, unread: 0 };
      expect(await ann.socket.next({ ref: 'r' })).toMatchObject(mark);
      // The other one is told of the conversation, never of a thread.
      await ben.socket.roundTrip();
      expect(ben.socket.frames.filter(({ type }) => type === 11)).toEqual([]);
      const path = `/direct/ann/messages/${String(root)}/thread/follow`;
      expect(await call(place, ben.tokens, 'DELETE', path)).toMatchObject({ status: 200 });
    });

    it('of a room is nothing to whoever has gone from it [S57]', async () => {
      const room = await makeRoom(place, 'den', [
        [ann.tokens, 'owner'],
        [ben.tokens, 'member'],
      ]);
      const [first, second] = [await join(place, ann.tokens), await join(place, ben.tokens)];
      const root = await done(first, { type: 2, room: 'den', data: 'root' });
      await done(second, { type: 2, room: 'den', data: 'aside', thread: root });
      expect(await threads(ben.tokens)).toMatchObject([{ room: 'den' }]);
      await place.app
        .get(RoomStore, { strict: false })
        .change([
          { op: 'exit', room: room.key.slice(5), person: ben.tokens.user.id, time: Date.now() },
        ]);
      expect(await threads(ben.tokens)).toEqual([]);
      const path = `/rooms/den/messages/${String(root)}/thread/follow`;
      expect(await call(place, await guest(place), 'PUT', path)).toMatchObject({
        ...{ status: 403, body: { code: 'not-a-member' } },
      });
    });

    it('is listed page by page, the latest reply first', async () => {
      const roots: number[] = [];
      for (let at = 0; at < 5; at++) roots.push(await begin('reply'));
      const { body } = await call(place, ann.tokens, 'GET', '/threads?limit=3');
      const page = body['items'] as readonly { root: { seq: number } }[];
      expect(page.map(({ root }) => root.seq)).toEqual(roots.slice(2).reverse());
      const next = `/threads?limit=3&after=${String(body['next'])}`;
      const rest = await call(place, ann.tokens, 'GET', next);
      expect(rest.body).toMatchObject({
        items: [{ root: { seq: roots[1] } }, { root: { seq: roots[0] } }],
        next: null,
      });
    });
  });
});
