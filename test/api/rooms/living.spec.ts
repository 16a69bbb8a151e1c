import { beforeAll, describe, expect, it } from '@jest/globals';
import { Departures } from '../../../src/chat/rooms/departures.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { onEachEngine } from '../../support/engines.js';
import { join } from '../../support/people.js';
import { caller, type Caller, refusal } from './rest.js';

onEachEngine((newDatabase) => {
  let service: RunningApp;
  let ann: Caller;
  let bob: Caller;

  beforeAll(async () => {
    service = await startApp({ ...(await newDatabase()), DEFAULT_ROOMS: 'hall,porch' });
    ann = await caller(service, 'ann');
    bob = await caller(service, 'bob');
  });

  describe('a room that lives on', () => {
    it('was entered by every new account, as the settings say', async () => {
      const { body } = await bob.call('GET /rooms/hall');
      expect(body).toMatchObject({ kind: 'public', members: 2, me: { role: 'member' } });
      expect((await bob.call('GET /rooms')).body).toMatchObject({
        items: [{ name: 'hall' }, { name: 'porch' }],
      });
    });

    it('is found by its new name, and for a while by the old one', async () => {
      await ann.found('old', 'public', { title: 'Old' });
      const renamed = await ann.call('PATCH /rooms/old', { name: 'New', topic: 'Change' });
      expect(renamed.body).toMatchObject({ name: 'New', title: 'Old', topic: 'Change' });
      expect((await bob.call('GET /rooms/old')).body).toMatchObject({ name: 'New' });
      const taken = await bob.call('POST /rooms', { name: 'old', kind: 'public', history: 'all' });
      expect(refusal(taken)).toMatchObject({ code: 'room-exists' });
      const taking = await ann.call('PATCH /rooms/new', { name: 'hall' });
      expect(refusal(taking)).toEqual({ status: 409, code: 'room-exists', field: 'name' });
      expect((await ann.call('PATCH /rooms/new', { name: 'old' })).body.name).toBe('old');
    });

    it('shows in the list nothing that was said before somebody came in, where it says so', async () => {
      await ann.found('later', 'public', { history: 'joined' });
      await ann.call('POST /rooms/later/messages', { data: 'before' });
      await bob.call('PUT /rooms/later/members/me');
      const last = async (): Promise<unknown> =>
        (await bob.call('GET /conversations')).body.items.find(
          (one) => 'room' in one && one.room === 'later',
        );
      expect(await last()).toMatchObject({ last: null, unread: 0 });
      await ann.call('POST /rooms/later/messages', { data: 'after' });
      expect(await last()).toMatchObject({ last: { data: 'after' }, unread: 1 });
      await bob.call('PATCH /rooms/later/members/me', { level: 'none' });
      await ann.call('PATCH /rooms/later', { topic: 'quiet' });
      expect(await last()).toMatchObject({ last: { data: 'after' }, level: 'none' });
    });

    it('tells of a change once, and of none where nothing changes', async () => {
      await ann.found('calm');
      await ann.call('PATCH /rooms/calm', { topic: 'Sea' });
      await ann.call('PATCH /rooms/calm', { topic: 'Sea', title: null });
      expect((await ann.call('GET /rooms/calm/messages')).body).toMatchObject({ head: 2 });
      const long = await ann.call('PATCH /rooms/calm', { title: 'x'.repeat(129) });
      expect(refusal(long)).toEqual({ status: 400, code: 'text-too-long', field: 'title' });
      const longer = await ann.call('PATCH /rooms/calm', { topic: 'x'.repeat(1_001) });
      expect(refusal(longer)).toEqual({ status: 400, code: 'text-too-long', field: 'topic' });
    });

    it('can only be read and left once it is archived, until it is restored', async () => {
      await ann.found('attic', 'public', { members: ['bob'] });
      await ann.call('POST /rooms/attic/messages', { data: 'hello' });
      expect((await ann.call('DELETE /rooms/attic')).status).toBe(204);
      expect((await bob.call('GET /rooms/attic')).body).toMatchObject({ archived: true });
      expect((await bob.call('GET /rooms/attic/messages')).body.items).toHaveLength(1);
      const archived = { status: 409, code: 'room-archived' };
      for (const [what, body] of [
        ['POST /rooms/attic/messages', { data: 'hello' }],
        ['PATCH /rooms/attic', { title: 'x' }],
        ['PUT /rooms/attic/members/bob', { role: 'moderator' }],
        ['DELETE /rooms/attic/members/bob', undefined],
        ['POST /rooms/attic/links', {}],
      ] as const) {
        expect([what, refusal(await ann.call(what, body))]).toEqual([what, archived]);
      }
      expect((await bob.call('GET /rooms?q=attic')).body.items).toEqual([]);
      expect((await bob.call('DELETE /rooms/attic/members/me')).status).toBe(204);
      expect(refusal(await bob.call('PUT /rooms/attic/members/me'))).toEqual(archived);
      expect((await ann.call('POST /rooms/attic/restore')).body).toMatchObject({ archived: false });
      expect((await bob.call('PUT /rooms/attic/members/me')).status).toBe(200);
    });

    it('is listed by name or title, page by page', async () => {
      for (const name of ['zoo-1', 'zoo-2', 'zoo-3']) await ann.found(name);
      const first = await bob.call('GET /rooms?q=ZOO&limit=2');
      expect(first.body.items).toMatchObject([{ name: 'zoo-1', me: null }, { name: 'zoo-2' }]);
      const rest = await bob.call(`GET /rooms?q=zoo&limit=2&after=${String(first.body.next)}`);
      expect(rest.body).toMatchObject({ items: [{ name: 'zoo-3' }], next: null });
    });

    it('passes to whoever has served it longest when its only owner goes', async () => {
      const leaver = await caller(service, 'leaver');
      await leaver.found('estate', 'private', { members: ['ann', 'bob'] });
      await leaver.call('PUT /rooms/estate/members/bob', { role: 'moderator' });
      await service.app.get(Departures, { strict: false }).takeOut(leaver.user);
      const { body } = await ann.call('GET /rooms/estate/members');
      expect(body.items).toMatchObject([
        { user: ann.user, role: 'member' },
        { user: bob.user, role: 'owner' },
      ]);
    });
  });

  describe('a message without a socket', () => {
    it('is stored once for its ref, and read by its number', async () => {
      await ann.found('talk', 'public', { history: 'joined' });
      const body = { data: 'hello', ref: 'm1' };
      const said = await ann.call('POST /rooms/talk/messages', body);
      expect(said).toMatchObject({ status: 201, body: { seq: 2 } });
      expect(await ann.call('POST /rooms/talk/messages', body)).toEqual({ ...said, status: 200 });
      expect((await ann.call('GET /rooms/talk/messages/2')).body).toMatchObject({
        ...{ type: 2, room: 'talk', data: 'hello', ...said.body },
      });
      const unknown = { status: 404, code: 'unknown-message' };
      expect(refusal(await ann.call('GET /rooms/talk/messages/1'))).toEqual(unknown);
      expect(refusal(await ann.call('GET /rooms/talk/messages/9'))).toEqual(unknown);
      await bob.call('PUT /rooms/talk/members/me');
      expect(refusal(await bob.call('GET /rooms/talk/messages/2'))).toEqual(unknown);
      const other = await ann.call('POST /rooms/talk/messages', { ...body, data: 'other' });
      expect(refusal(other)).toEqual({ status: 409, code: 'ref-conflict', field: 'ref' });
    });

    it('goes to one person just so', async () => {
      const said = await ann.call('POST /direct/bob/messages', { data: 'psst' });
      expect(said).toMatchObject({ status: 201, body: { seq: 1 } });
      expect((await bob.call('GET /direct/ann/messages/1')).body).toMatchObject({ data: 'psst' });
      const nobody = await ann.call('POST /direct/nobody/messages', { data: 'x' });
      expect(refusal(nobody)).toMatchObject({ code: 'unknown-recipient', field: 'username' });
    });
  });

  describe('a socket', () => {
    it('enters and leaves a room by frames 15 and 16, and is told at which number', async () => {
      await ann.found('sea');
      const socket = await join(service, bob.tokens);
      socket.send({ type: 15, room: 'SEA', ref: 'j' });
      const ack = await socket.next({ type: 6, ref: 'j' });
      expect(ack).toMatchObject({ room: 'sea', seq: 2 });
      expect((await bob.call('GET /rooms/sea')).body.me).toMatchObject({ role: 'member' });
      socket.send({ type: 16, room: 'sea', ref: 'p' });
      expect(await socket.next({ type: 6, ref: 'p' })).toMatchObject({ room: 'sea', seq: 3 });
      socket.send({ type: 15, room: 'nowhere', ref: 'x' });
      expect(await socket.next({ type: 7, ref: 'x' })).toMatchObject({ code: 'not-a-member' });
    });
  });
});
