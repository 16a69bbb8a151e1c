import { beforeEach, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import type { NewDatabase } from '../../support/engines.js';
import { onEachEngineAndFormat } from '../../support/transports.js';
import type { AnyMember, Clients } from '../../support/ways-in.js';
import { ask, call, done, items } from './calls.js';

onEachEngineAndFormat(editing);

function editing(newDatabase: NewDatabase, clients: Clients): void {
  let place: RunningApp;
  let ann: AnyMember;
  let ben: AnyMember;

  beforeEach(async () => {
    place = await startApp(await newDatabase());
    ann = await clients.enter(place, 'ann');
    ben = await clients.enter(place, 'ben');
  });

  describe('An edit', () => {
    it('comes to everybody as the whole text, at a number of its own', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'helo' });
      const at = await done(ann.socket, { type: 12, target: seq, data: 'hello' });
      expect(at).toBe(seq + 1);
      const frame = {
        type: 12,
        user: ann.tokens.user,
        room: 'lobby',
        target: seq,
        data: 'hello',
        seq: at,
        id: expect.any(String),
        time: expect.any(Number),
      };
      expect(await ben.socket.next({ type: 12 })).toEqual(frame);
      expect(await ann.socket.next({ type: 12 })).toEqual(frame);
    });

    it('is what pages and a Sync show from then on', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'helo' });
      await done(ann.socket, { type: 2, data: 'other' });
      const at = await done(ann.socket, { type: 12, target: seq, data: 'hello' });
      const edited = { seq: at, time: expect.any(Number) };
      const page = await items(place, ben.tokens, '/rooms/lobby/messages');
      expect(page.map(({ data, edited: one }) => [data, one])).toEqual([
        ['hello', edited],
        ['other', undefined],
      ]);
      const late = await clients.join(place, ben.tokens);
      late.send({ type: 8, data: { lobby: 0 }, ref: 's' });
      await late.next({ type: 8, ref: 's' });
      expect(late.frames.find((frame) => frame.seq === seq)).toMatchObject({
        data: 'hello',
        edited,
      });
      expect(late.frames.find((frame) => frame.seq === at)).toMatchObject({
        type: 12,
        target: seq,
      });
    });

    it('works in private, and comes to all devices of both', async () => {
      const device = await clients.join(place, ann.tokens);
      const seq = await done(ann.socket, { type: 3, to: 'ben', data: 'psst' });
      await done(ann.socket, { type: 12, to: 'ben', target: seq, data: 'psst!' });
      const frame = { to: 'ben', target: seq, data: 'psst!', seq: seq + 1 };
      for (const socket of [ann.socket, ben.socket, device]) {
        expect(await socket.next({ type: 12 })).toMatchObject(frame);
      }
      const [item] = await items(place, ben.tokens, '/direct/ann/messages');
      expect(item).toMatchObject({ type: 3, data: 'psst!', edited: { seq: seq + 1 } });
    });

    it('is the author’s alone', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'mine' });
      expect(await ask(ben.socket, { type: 12, target: seq, data: 'yours' })).toMatchObject({
        ...{ type: 7, code: 'not-author', field: 'target' },
      });
    });

    it('is refused where there is no such message, or no message', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'one' });
      const at = await done(ann.socket, { type: 12, target: seq, data: 'two' });
      for (const target of [at, at + 5]) {
        expect(await ask(ann.socket, { type: 12, target, data: 'x' })).toMatchObject({
          ...{ type: 7, code: 'unknown-message', field: 'target' },
        });
      }
      expect(await ask(ann.socket, { type: 12, room: 'none', target: 1, data: 'x' })).toMatchObject(
        { type: 7, code: 'not-a-member' },
      );
    });

    it('to what it says already is acknowledged, and is no event', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'same' });
      expect(await done(ann.socket, { type: 12, target: seq, data: 'same' })).toBe(seq);
      const at = await done(ann.socket, { type: 12, target: seq, data: 'new' });
      expect(await done(ann.socket, { type: 12, target: seq, data: 'new' })).toBe(at);
      expect(await done(ann.socket, { type: 2, data: 'next' })).toBe(at + 1);
    });

    it('that did not see the last one is refused where it says what it saw', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'one' });
      const at = await done(ann.socket, { type: 12, target: seq, data: 'two', if: seq });
      expect(
        await ask(ann.socket, { type: 12, target: seq, data: 'three', if: seq }),
      ).toMatchObject({ type: 7, code: 'edit-conflict', field: 'if' });
      await done(ann.socket, { type: 12, target: seq, data: 'three', if: at });
    });

    it('that is sent twice under one ref is stored once', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'one' });
      const edit = { type: 12, target: seq, data: 'two', ref: 'r' };
      const at = await done(ann.socket, edit);
      await done(ann.socket, { type: 12, target: seq, data: 'three' });
      expect(await done(ann.socket, edit)).toBe(at);
      const [item] = await items(place, ann.tokens, '/rooms/lobby/messages');
      expect(item).toMatchObject({ data: 'three' });
      expect(await ask(ann.socket, { ...edit, data: 'other' })).toMatchObject({
        ...{ type: 7, code: 'ref-conflict' },
      });
      expect(await ask(ann.socket, { type: 2, data: 'two', ref: 'r' })).toMatchObject({
        ...{ type: 7, code: 'ref-conflict' },
      });
    });

    it('is carried out once of two that come at the same time', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'one' });
      const device = await clients.join(place, ann.tokens);
      const [first, second] = await Promise.all([
        ask(ann.socket, { type: 12, target: seq, data: 'two', if: seq }),
        ask(device, { type: 12, target: seq, data: 'zwei', if: seq }),
      ]);
      expect([first.type, second.type].sort()).toEqual([6, 7]);
    });

    it('works over HTTP with the same refusals', async () => {
      const seq = await done(ann.socket, { type: 2, data: 'one' });
      const path = `/rooms/lobby/messages/${String(seq)}`;
      expect(await call(place, ann.tokens, 'PATCH', path, { data: 'two' })).toEqual({
        status: 200,
        body: { id: expect.any(String), seq: seq + 1, time: expect.any(Number) },
      });
      expect(await ben.socket.next({ type: 12 })).toMatchObject({ target: seq, data: 'two' });
      expect(await call(place, ben.tokens, 'PATCH', path, { data: 'x' })).toMatchObject({
        status: 403,
        body: { code: 'not-author' },
      });
      expect(await call(place, ann.tokens, 'PATCH', path, { data: 'x', if: seq })).toMatchObject({
        status: 409,
        body: { code: 'edit-conflict' },
      });
      const direct = await done(ann.socket, { type: 3, to: 'ben', data: 'psst' });
      await call(place, ann.tokens, 'PATCH', `/direct/ben/messages/${String(direct)}`, {
        data: '!',
      });
      expect(await ben.socket.next({ type: 12, data: '!' })).toMatchObject({ to: 'ben' });
    });

    it('is listed among what changed, so that a client that was away long repairs itself', async () => {
      const first = await done(ann.socket, { type: 2, data: 'one' });
      const second = await done(ann.socket, { type: 2, data: 'two' });
      const at = await done(ann.socket, { type: 12, target: first, data: 'eins' });
      const all = await call(place, ben.tokens, 'GET', `/rooms/lobby/changes?after=${second}`);
      expect(all.body).toMatchObject({
        items: [{ type: 2, seq: first, data: 'eins', changed: at }],
        ...{ head: at, next_after: null },
      });
      const later = await call(place, ben.tokens, 'GET', `/rooms/lobby/changes?after=${at}`);
      expect(later.body['items']).toEqual([]);
    });
  });
}
