import { beforeEach, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { onEachEngine } from '../../support/engines.js';
import { enter, guest, join, type Member, type Tokens } from '../../support/people.js';
import { ask, call, done, items } from './calls.js';
import { makeRoom, sayThere } from './rooms.js';

onEachEngine((newDatabase) => {
  let place: RunningApp;
  let ann: Member;
  let ben: Member;

  beforeEach(async () => {
    place = await startApp(await newDatabase());
    ann = await enter(place, 'ann');
    ben = await enter(place, 'ben');
  });

  async function unreadOf(reader: Tokens, room = 'lobby') {
    const all = await items(place, reader, '/conversations');
    const item = all.find((one) => one.room === room);
    return { unread: item?.['unread'], mentions: item?.['mentions'] };
  }

  describe('A reply', () => {
    it('names the message that it quotes, live and in pages', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'a question' });
      const at = await done(ben.socket, { type: 2, data: 'an answer', reply: seq });
      const frame = { type: 2, data: 'an answer', reply: seq, seq: at };
      expect(await ann.socket.next({ type: 2, seq: at })).toMatchObject(frame);
      const page = await items(place, ann.tokens, '/rooms/lobby/messages');
      expect(page.at(-1)).toMatchObject(frame);
    });

    it('to what is not there is refused, and the field named', async () => {
      const refused = { type: 7, code: 'unknown-message' };
      expect(await ask(ben.socket, { type: 2, data: 'x', reply: 5 })).toMatchObject({
        ...{ ...refused, field: 'reply' },
      });
      expect(await ask(ben.socket, { type: 2, data: 'x', thread: 5 })).toMatchObject({
        ...{ ...refused, field: 'thread' },
      });
    });

    it('that is sent twice under one ref is stored once', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'a question' });
      const reply = { type: 2, data: 'an answer', reply: seq, ref: 'r' };
      const at = await done(ben.socket, reply);
      expect(await done(ben.socket, reply)).toBe(at);
      expect(await ask(ben.socket, { type: 2, data: 'an answer', ref: 'r' })).toMatchObject({
        ...{ type: 7, code: 'ref-conflict' },
      });
    });

    it('keeps what it quotes when it is edited, and when it is deleted', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'a question' });
      const at = await done(ben.socket, { type: 2, data: 'anser', reply: seq, mentions: ['ann'] });
      await done(ben.socket, { type: 12, target: at, data: 'answer' });
      const last = async () => (await items(place, ann.tokens, '/rooms/lobby/messages')).at(-1);
      expect(await last()).toMatchObject({
        ...{ data: 'answer', reply: seq, mentions: [ann.tokens.user] },
      });
      await done(ben.socket, { type: 13, target: at });
      expect(await last()).toMatchObject({ data: '', reply: seq, deleted: {} });
      expect(await last()).not.toHaveProperty('mentions');
    });
  });

  describe('A thread', () => {
    it('is a view on the conversation, which its first message sums up', async () => {
      const root = await done(ann.socket, { type: 2, data: 'plans?' });
      const first = await done(ben.socket, { type: 2, data: 'yes', thread: root });
      const last = await done(ann.socket, { type: 2, data: 'good', thread: root });
      expect(await ann.socket.next({ type: 2, seq: first })).toMatchObject({ thread: root });
      const path = `/rooms/lobby/messages/${String(root)}/thread`;
      const { body } = await call(place, ben.tokens, 'GET', path);
      const users = [ann.tokens.user, ben.tokens.user];
      const summary = { count: 2, last_seq: last, users };
      expect(body).toMatchObject({
        root: { data: 'plans?', seq: root, thread: summary },
        items: [
          { data: 'yes', thread: root },
          { data: 'good', thread: root },
        ],
        ...{ next_before: null, next_after: null },
      });
      const [item] = await items(place, ben.tokens, '/rooms/lobby/messages');
      expect(item).toMatchObject({ thread: summary });
    });

    it('is read page by page, from either end', async () => {
      const root = await done(ann.socket, { type: 2, data: 'count' });
      const seqs: number[] = [];
      for (const data of ['1', '2', '3']) {
        seqs.push(await done(ben.socket, { type: 2, data, thread: root }));
      }
      const page = async (query: string) => {
        const path = `/rooms/lobby/messages/${String(root)}/thread?${query}`;
        const { body } = await call(place, ann.tokens, 'GET', path);
        const shown = body['items'] as readonly { data: string }[];
        return [shown.map(({ data }) => data).join(''), body['next_before'], body['next_after']];
      };
      expect(await page('limit=2')).toEqual(['23', seqs[1], null]);
      expect(await page(`limit=2&before=${seqs[1]}`)).toEqual(['1', null, seqs[0]]);
      expect(await page('limit=2&after=0')).toEqual(['12', null, seqs[1]]);
      expect(await page(`limit=2&after=${seqs[1]}`)).toEqual(['3', seqs[2], null]);
    });

    it('does not count as unread in the room, unless it is said there as well', async () => {
      const cat = await guest(place, 'cat');
      const root = await done(ann.socket, { type: 2, data: 'root' });
      expect(await unreadOf(cat)).toMatchObject({ unread: 1 });
      await done(ann.socket, { type: 2, data: 'aside', thread: root });
      expect(await unreadOf(cat)).toMatchObject({ unread: 1 });
      await done(ann.socket, { type: 2, data: 'for all', thread: root, also: true });
      expect(await unreadOf(cat)).toMatchObject({ unread: 2 });
    });

    it('begins with a message that stands in none', async () => {
      const root = await done(ann.socket, { type: 2, data: 'root' });
      const reply = await done(ann.socket, { type: 2, data: 'reply', thread: root });
      expect(await ask(ann.socket, { type: 2, data: 'deeper', thread: reply })).toMatchObject({
        ...{ type: 7, code: 'invalid-field', field: 'thread' },
      });
      expect(await ask(ann.socket, { type: 2, data: 'x', also: true })).toMatchObject({
        ...{ type: 7, code: 'invalid-field', field: 'also' },
      });
    });

    it('counts less when a reply is deleted, and stays when its first message is', async () => {
      const root = await done(ann.socket, { type: 2, data: 'root' });
      const reply = await done(ben.socket, { type: 2, data: 'one', thread: root });
      await done(ben.socket, { type: 2, data: 'two', thread: root });
      await done(ben.socket, { type: 13, target: reply });
      const [item] = await items(place, ann.tokens, '/rooms/lobby/messages');
      expect(item).toMatchObject({ thread: { count: 1 } });
      await done(ann.socket, { type: 13, target: root });
      const path = `/rooms/lobby/messages/${String(root)}/thread`;
      const { body } = await call(place, ben.tokens, 'GET', path);
      expect(body).toMatchObject({
        root: { data: '', deleted: {} },
        items: [{ data: '', deleted: {} }, { data: 'two' }],
      });
    });

    it('works in private, and a Sync brings its first message as it is now', async () => {
      const root = await done(ann.socket, { type: 3, to: 'ben', data: 'root' });
      await done(ben.socket, { type: 3, to: 'ann', data: 'aside', thread: root });
      const path = `/direct/ann/messages/${String(root)}/thread`;
      expect(await items(place, ben.tokens, path)).toMatchObject([{ data: 'aside', type: 3 }]);
      const late = await join(place, ben.tokens);
      late.send({ type: 8, data: { '@ann': 0 }, ref: 's' });
      await late.next({ type: 8, ref: 's' });
      expect(late.frames.find(({ seq, type }) => type === 3 && seq === root)).toMatchObject({
        thread: { count: 1, last_seq: root + 1, users: [ben.tokens.user] },
      });
    });
  });

  describe('A mention', () => {
    it('is what the sender says, and never read out of the text', async () => {
      const cat = await guest(place, 'cat');
      await done(ann.socket, { type: 2, data: '@cat look' });
      const at = await done(ann.socket, { type: 2, data: 'look', mentions: ['CAT', 'cat'] });
      expect(await ben.socket.next({ type: 2, seq: at })).toMatchObject({ mentions: [cat.user] });
      expect(await unreadOf(cat)).toEqual({ unread: 2, mentions: 1 });
      expect(await items(place, cat, '/mentions')).toMatchObject([
        { room: 'lobby', data: 'look', seq: at },
      ]);
      expect(await items(place, ben.tokens, '/mentions')).toEqual([]);
      const read = await call(place, cat, 'PUT', '/rooms/lobby/read', { seq: at });
      expect(read.status).toBe(200);
      expect(await unreadOf(cat)).toEqual({ unread: 0, mentions: 0 });
    });

    it('is told in the frame of what was read', async () => {
      const seq = await done(ann.socket, { type: 3, to: 'ben', data: 'one' });
      await done(ann.socket, { type: 3, to: 'ben', data: 'two', mentions: ['ben'] });
      ben.socket.send({ type: 11, to: 'ann', seq, ref: 'r' });
      expect(await ben.socket.next({ type: 11, ref: 'r' })).toMatchObject({
        ...{ unread: 1, mentions: 1 },
      });
    });

    it('is of people in the conversation only', async () => {
      await makeRoom(place, 'den', [[ann.tokens, 'owner']]);
      for (const frame of [
        { type: 2, data: 'x', mentions: ['nobody'] },
        { type: 2, data: 'x', mentions: ['ben'], room: 'den' },
        { type: 3, data: 'x', mentions: ['ann', 'cat'], to: 'ben' },
      ]) {
        expect(await ask(ann.socket, frame)).toMatchObject({
          ...{ type: 7, code: 'unknown-recipient', field: 'mentions' },
        });
      }
      const crowd = Array.from({ length: 51 }, () => 'ben');
      expect(await ask(ann.socket, { type: 2, data: 'x', mentions: crowd })).toMatchObject({
        ...{ type: 7, code: 'invalid-field', field: 'mentions' },
      });
    });

    it('of everybody takes the right to, and reaches all but its author', async () => {
      expect(await ask(ben.socket, { type: 2, data: 'x', mention_all: true })).toMatchObject({
        ...{ type: 7, code: 'forbidden', needs: 'moderator' },
      });
      const room = await makeRoom(place, 'den', [
        [ann.tokens, 'moderator'],
        [ben.tokens, 'member'],
      ]);
      await sayThere(place, room, ann.tokens, 'before');
      await done(ann.socket, { type: 2, room: 'den', data: 'all!', mention_all: true });
      expect(await items(place, ben.tokens, '/mentions')).toMatchObject([
        { room: 'den', data: 'all!', mention_all: true },
      ]);
      expect(await items(place, ann.tokens, '/mentions')).toEqual([]);
      expect(await unreadOf(ben.tokens, 'den')).toEqual({ unread: 2, mentions: 1 });
    });

    it('is listed page by page, the latest first, and goes with its message', async () => {
      for (const data of ['1', '2', '3']) {
        await done(ann.socket, { type: 2, data, mentions: ['ben'] });
      }
      const { body } = await call(place, ben.tokens, 'GET', '/mentions?limit=2');
      expect(body['items']).toMatchObject([{ data: '3' }, { data: '2' }]);
      const rest = `/mentions?limit=2&after=${String(body['next'])}`;
      expect(await items(place, ben.tokens, rest)).toMatchObject([{ data: '1' }]);
      await done(ann.socket, { type: 13, target: 2 });
      expect(await items(place, ben.tokens, '/mentions')).toMatchObject([
        { data: '3' },
        { data: '1' },
      ]);
    });
  });
});
