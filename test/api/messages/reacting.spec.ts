import { beforeEach, describe, expect, it } from '@jest/globals';
import { ReactionService } from '../../../src/chat/messages/changing/reaction.service.js';
import { type RunningApp, startApp } from '../../support/app.js';
import type { NewDatabase } from '../../support/engines.js';
import { guest } from '../../support/people.js';
import { onEachEngineAndFormat } from '../../support/transports.js';
import type { AnyMember, Clients } from '../../support/ways-in.js';
import { ask, call, done, items } from './calls.js';

const EMOJI = ['😀', '😁', '😂', '🤣', '😃', '😄', '😅', '😆', '😉', '😊', '😋', '😎'];

onEachEngineAndFormat(reacting);

function reacting(newDatabase: NewDatabase, clients: Clients): void {
  let place: RunningApp;
  let ann: AnyMember;
  let ben: AnyMember;
  let seq: number;

  beforeEach(async () => {
    place = await startApp(await newDatabase());
    ann = await clients.enter(place, 'ann');
    ben = await clients.enter(place, 'ben');
    seq = await done(ann.socket, { type: 2, data: 'good news' });
  });

  describe('A reaction', () => {
    it('comes to everybody with the count that results', async () => {
      await done(ann.socket, { type: 14, target: seq, data: '👍' });
      const at = await done(ben.socket, { type: 14, target: seq, data: '👍', op: 'add' });
      expect(await ann.socket.next({ type: 14, seq: at })).toEqual({
        ...{ type: 14, user: ben.tokens.user, room: 'lobby', target: seq, seq: at },
        data: { '👍': { count: 2, added: [ben.tokens.user], removed: [] } },
        ...{ id: expect.any(String), time: expect.any(Number) },
      });
      const gone = await done(ben.socket, { type: 14, target: seq, data: '👍', op: 'remove' });
      expect((await ann.socket.next({ type: 14, seq: gone })).data).toEqual({
        '👍': { count: 1, added: [], removed: [ben.tokens.user] },
      });
    });

    it('is in pages with its count, and whether the reader gave it', async () => {
      await done(ann.socket, { type: 14, target: seq, data: '👍' });
      await done(ann.socket, { type: 14, target: seq, data: ':party:' });
      await done(ben.socket, { type: 14, target: seq, data: ':party:' });
      const of = async ({ tokens }: AnyMember) =>
        (await items(place, tokens, '/rooms/lobby/messages'))[0]?.['reactions'];
      expect(await of(ben)).toEqual([
        { key: '👍', count: 1, me: false },
        { key: ':party:', count: 2, me: true },
      ]);
      expect(await of(ann)).toMatchObject([{ me: true }, { me: true }]);
    });

    it('twice is once, and taken back twice is taken back once', async () => {
      const like = { type: 14, target: seq, data: '👍' };
      const at = await done(ann.socket, like);
      expect(await done(ann.socket, like)).toBe(at);
      const gone = await done(ann.socket, { ...like, op: 'remove' });
      expect(await done(ann.socket, { ...like, op: 'remove' })).toBe(gone);
      expect(await done(ann.socket, { type: 2, data: 'next' })).toBe(gone + 1);
    });

    it('that is sent again under its ref is not given again after it was taken back', async () => {
      const like = { type: 14, target: seq, data: '👍', ref: 'like' };
      const at = await done(ann.socket, like);
      await done(ann.socket, { type: 14, target: seq, data: '👍', op: 'remove' });
      expect(await done(ann.socket, like)).toBe(at);
      const [item] = await items(place, ann.tokens, '/rooms/lobby/messages');
      expect(item?.['reactions']).toBeUndefined();
      expect(await ask(ann.socket, { ...like, data: '🎉' })).toMatchObject({
        ...{ type: 7, code: 'ref-conflict' },
      });
    });

    it('is one emoji or a name between colons', async () => {
      for (const data of ['👍👍', 'a', '1', ':', '::', ':a b:', ' ', '👍a', 'x'.repeat(64)]) {
        expect(await ask(ann.socket, { type: 14, target: seq, data })).toMatchObject({
          ...{ type: 7, code: 'invalid-field', field: 'data' },
        });
      }
    });

    it('works in private and over HTTP', async () => {
      const direct = await done(ann.socket, { type: 3, to: 'ben', data: 'psst' });
      const key = encodeURIComponent('👍');
      const path = `/direct/ann/messages/${String(direct)}/reactions/${key}`;
      expect(await call(place, ben.tokens, 'PUT', path)).toMatchObject({ status: 200 });
      expect(await ann.socket.next({ type: 14 })).toMatchObject({ to: 'ann', target: direct });
      const own = `/rooms/lobby/messages/${String(seq)}/reactions/${key}`;
      await call(place, ben.tokens, 'PUT', own);
      expect(await ann.socket.next({ type: 14, target: seq })).toMatchObject({
        data: { '👍': { count: 1 } },
      });
      await call(place, ben.tokens, 'DELETE', own);
      expect(await ann.socket.next({ type: 14, target: seq })).toMatchObject({
        data: { '👍': { count: 0 } },
      });
    });

    it('is refused beyond ten of a person', async () => {
      for (const data of EMOJI.slice(0, 10)) {
        await done(ann.socket, { type: 14, target: seq, data });
      }
      expect(await ask(ann.socket, { type: 14, target: seq, data: '🎉' })).toMatchObject({
        ...{ type: 7, code: 'limit-reached', limit: 10 },
      });
    });

    it('of many at once is one event that names them, and each is acknowledged with it', async () => {
      const crowd = await Promise.all(
        ['cat', 'dan', 'eve'].map((name) => clients.enter(place, name)),
      );
      // A crowd gathers: as if there were more than three hundred.
      place.app.get(ReactionService, { strict: false }).measureBy(() => 301);
      const numbers = await Promise.all(
        crowd.map(({ socket }) => done(socket, { type: 14, target: seq, data: '🎉' })),
      );
      expect(new Set(numbers).size).toBe(1);
      const { data } = await ben.socket.next({ type: 14 });
      const { '🎉': state } = data as Record<string, { count: number; added: { id: string }[] }>;
      expect(state?.count).toBe(3);
      expect(new Set(state?.added.map(({ id }) => id))).toEqual(
        new Set(crowd.map(({ tokens }) => tokens.user.id)),
      );
    });

    it('comes by Sync to whoever was away', async () => {
      const cat = await guest(place, 'cat');
      const at = await done(ben.socket, { type: 14, target: seq, data: '👍' });
      const socket = await clients.join(place, cat);
      socket.send({ type: 8, data: { lobby: seq }, ref: 's' });
      await socket.next({ type: 8, ref: 's' });
      expect(socket.frames.find((frame) => frame.seq === at)).toMatchObject({
        ...{ type: 14, target: seq, data: { '👍': { count: 1 } } },
      });
    });
  });
}
