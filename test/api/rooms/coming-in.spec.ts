import { beforeAll, describe, expect, it } from '@jest/globals';
import { RoomStore } from '../../../src/chat/conversations/room-store.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { onEachEngine } from '../../support/engines.js';
import { type Answer, caller, type Caller, crowd, refusal } from './rest.js';

onEachEngine((newDatabase) => {
  let service: RunningApp;
  let ann: Caller;
  let bob: Caller;
  let eve: Caller;

  beforeAll(async () => {
    service = await startApp(await newDatabase());
    ann = await caller(service, 'ann');
    bob = await caller(service, 'bob');
    eve = await caller(service, 'eve');
  });

  describe('a new room', () => {
    it('has its maker in it, as the owner, from the first number on', async () => {
      const made = await ann.call('POST /rooms', {
        ...{ name: 'Dev', title: 'Developers', kind: 'public', history: 'all' },
      });
      expect(made).toMatchObject({
        status: 201,
        body: { name: 'Dev', title: 'Developers', topic: null, members: 1, archived: false },
      });
      expect(made.body.me).toMatchObject({ role: 'owner' });
      expect((await ann.call('GET /rooms/dev')).body).toEqual(made.body);
      const { body } = await ann.call('GET /rooms/dev/members');
      expect(body).toMatchObject({ items: [{ user: ann.user, role: 'owner' }], next: null });
    });

    it('is made once for one ref, however often it is asked for', async () => {
      const wanted = { name: 'once', kind: 'public', history: 'all', ref: 'r1' };
      const [one, other] = await Promise.all([1, 2].map(() => ann.call('POST /rooms', wanted)));
      expect([one?.status, other?.status].sort()).toEqual([200, 201]);
      expect(one?.body).toEqual(other?.body);
      expect((await ann.call('POST /rooms', { ...wanted, name: 'twice' })).body).toEqual(one?.body);
    });

    it.each(['dev', 'DEV', 'ｄｅｖ', 'dеv', 'lobby', '1obby'])(
      'cannot be taken for another by its name: %s',
      async (name) => {
        const answer = await bob.call('POST /rooms', { name, kind: 'public', history: 'all' });
        expect(refusal(answer)).toEqual({ status: 409, code: 'room-exists', field: 'name' });
      },
    );

    it.each(['@dev', 'a b', 'a/b', 'x'.repeat(65)])('has no such name: %s', async (name) => {
      const answer = await bob.call('POST /rooms', { name, kind: 'public', history: 'all' });
      expect(refusal(answer)).toEqual({ status: 400, code: 'invalid-field', field: 'name' });
    });

    it('takes people in at once, each by an event of their own', async () => {
      const room = await ann.found('crew', 'private', { members: ['bob', 'EVE', 'bob', 'ann'] });
      expect(room).toMatchObject({ members: 3 });
      const { body } = await bob.call('GET /rooms/crew/members');
      expect(body.items).toHaveLength(3);
      const page = await bob.call('GET /rooms/crew/messages');
      expect(page.body).toMatchObject({ items: [], head: 3 });
    });

    it('is not made where somebody of those is nobody', async () => {
      const wanted = { name: 'ghosts', kind: 'public', history: 'all', members: ['nobody'] };
      const answer = await ann.call('POST /rooms', wanted);
      expect(refusal(answer)).toEqual({ status: 404, code: 'unknown-recipient', field: 'members' });
      expect((await ann.call('GET /rooms/ghosts')).status).toBe(403);
    });
  });

  describe('a public room', () => {
    it('is entered by whoever likes, once', async () => {
      await ann.found('open');
      const first = await bob.call('PUT /rooms/open/members/me');
      expect(first).toMatchObject({
        status: 200,
        body: { seq: 2, room: { members: 2, me: { role: 'member' } } },
      });
      const again = await bob.call('PUT /rooms/OPEN/members/me');
      expect(again.body).toEqual(first.body);
    });

    it('is left, and entered again at a later number', async () => {
      expect((await bob.call('DELETE /rooms/open/members/me')).status).toBe(204);
      expect((await bob.call('GET /rooms/open')).body).toMatchObject({ members: 1, me: null });
      expect(refusal(await bob.call('GET /rooms/open/messages'))).toMatchObject({
        code: 'not-a-member',
      });
      expect(refusal(await bob.call('DELETE /rooms/open/members/me'))).toMatchObject({
        code: 'not-a-member',
      });
      expect((await bob.call('PUT /rooms/open/members/me')).body).toMatchObject({ seq: 4 });
    });

    it('lets a crowd in at once, each at a number of their own', async () => {
      await ann.found('square');
      const people = await Promise.all(Array.from({ length: 20 }, () => caller(service)));
      const answers = await Promise.all(
        people.map((one) => one.call('PUT /rooms/square/members/me')),
      );
      const numbers = answers.map(({ body }) => body.seq).toSorted((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
      expect((await ann.call('GET /rooms/square')).body).toMatchObject({ members: 21 });
    });

    it('is left by nobody who is its last owner', async () => {
      const answer = await ann.call('DELETE /rooms/open/members/me');
      expect(refusal(answer)).toEqual({ status: 409, code: 'last-owner' });
      const down = await ann.call('PUT /rooms/open/members/ann', { role: 'member' });
      expect(refusal(down)).toEqual({ status: 409, code: 'last-owner' });
      await ann.call('PUT /rooms/open/members/bob', { role: 'owner' });
      expect((await ann.call('DELETE /rooms/open/members/me')).status).toBe(204);
    });
  });

  describe('a large room', () => {
    it('takes in and lets go without an event, and cuts at a number where it removes', async () => {
      const { id } = await ann.found('large');
      await crowd(service, id, 300);
      const joined = await bob.call('PUT /rooms/large/members/me');
      expect(joined).toMatchObject({ status: 200, body: { seq: 1, room: { members: 302 } } });
      expect((await bob.call('GET /rooms/large/messages')).body).toMatchObject({ head: 1 });
      expect((await bob.call('DELETE /rooms/large/members/me')).status).toBe(204);
      expect((await ann.call('GET /rooms/large/messages')).body).toMatchObject({ head: 1 });
      await bob.call('PUT /rooms/large/members/me');
      await ann.call('DELETE /rooms/large/members/bob');
      expect((await ann.call('GET /rooms/large/messages')).body).toMatchObject({ head: 2 });
      expect((await ann.call('GET /rooms/large')).body).toMatchObject({ members: 301 });
    });
  });

  describe('a private room [S56]', () => {
    const OUTSIDE: readonly (readonly [what: string, body: object | undefined])[] = [
      ['GET /rooms/NAME', undefined],
      ['PATCH /rooms/NAME', { title: 'x' }],
      ['DELETE /rooms/NAME', undefined],
      ['POST /rooms/NAME/restore', undefined],
      ['PUT /rooms/NAME/members/me', undefined],
      ['DELETE /rooms/NAME/members/me', undefined],
      ['PATCH /rooms/NAME/members/me', { level: 'none' }],
      ['GET /rooms/NAME/members', undefined],
      ['PUT /rooms/NAME/members/bob', undefined],
      ['DELETE /rooms/NAME/members/bob', undefined],
      ['PUT /rooms/NAME/invitations/bob', undefined],
      ['DELETE /rooms/NAME/invitations/bob', undefined],
      ['DELETE /invitations/NAME', undefined],
      ['POST /rooms/NAME/links', {}],
      ['DELETE /rooms/NAME/links', undefined],
      ['DELETE /rooms/NAME/links/abc', undefined],
      ['GET /rooms/NAME/bans', undefined],
      ['PUT /rooms/NAME/bans/bob', {}],
      ['DELETE /rooms/NAME/bans/bob', undefined],
      ['GET /rooms/NAME/messages', undefined],
      ['GET /rooms/NAME/messages/1', undefined],
      ['POST /rooms/NAME/messages', { data: 'hello' }],
      ['PUT /rooms/NAME/read', { seq: 1 }],
      ['GET /rooms/NAME/export', undefined],
    ];

    beforeAll(async () => {
      await ann.found('secret', 'private');
      await ann.call('PUT /rooms/secret/bans/bob');
    });

    it.each([...OUTSIDE])('is no room to those outside, banned or not: %s', async (what, body) => {
      const at = (room: string): string => what.replace('NAME', room);
      const none = await eve.call(at('no-such-room'), body);
      const code = what.includes('/invitations/NAME') ? 'invitation-invalid' : 'not-a-member';
      expect(none).toMatchObject({ body: { code } });
      expect(plain(await eve.call(at('secret'), body))).toEqual(plain(none));
      expect(plain(await bob.call(at('secret'), body))).toEqual(plain(none));
    });

    it('asks the store as often as for none', async () => {
      const store: object = service.app.get(RoomStore, { strict: false });
      let asked: string[] = [];
      const prototype = Object.getPrototypeOf(store) as Record<string, unknown>;
      const original = new Map<string, unknown>();
      for (const name of Object.getOwnPropertyNames(prototype)) {
        const method = prototype[name];
        if (typeof method !== 'function' || name === 'constructor') continue;
        original.set(name, method);
        prototype[name] = function counted(this: unknown, ...given: unknown[]): unknown {
          asked.push(name);
          return (method as (...all: unknown[]) => unknown).apply(this, given);
        };
      }
      const during = async (what: string, body?: object): Promise<string[]> => {
        asked = [];
        await eve.call(what, body);
        return asked;
      };
      try {
        for (const [what, body] of OUTSIDE) {
          const none = await during(what.replace('NAME', 'no-such-room'), body);
          expect([what, await during(what.replace('NAME', 'secret'), body)]).toEqual([what, none]);
        }
      } finally {
        for (const [name, method] of original) prototype[name] = method;
      }
    });

    it('is entered by whoever is invited, and by nobody who is banned since', async () => {
      expect((await ann.call('PUT /rooms/secret/invitations/eve')).status).toBe(204);
      expect((await eve.call('GET /invitations')).body).toMatchObject({
        items: [{ room: { name: 'secret', me: null }, by: ann.user }],
        next: null,
      });
      expect((await eve.call('PUT /rooms/secret/members/me')).body).toMatchObject({
        room: { me: { role: 'member' } },
      });
      expect((await eve.call('GET /invitations')).body).toMatchObject({ items: [] });
      await ann.call('PUT /rooms/secret/bans/eve', { reason: 'spam' });
      expect((await eve.call('PUT /rooms/secret/members/me')).body).toMatchObject({
        code: 'not-a-member',
      });
    });
  });
});

function plain({ status, body }: Answer): object {
  const { request_id: _, ...rest } = body;
  return { status, ...rest };
}
