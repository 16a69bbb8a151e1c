import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { RoomStore } from '../../../src/chat/conversations/room-store.js';
import type { RoomChange } from '../../../src/chat/conversations/room-change.js';
import { RoomNews, type RoomNotice } from '../../../src/chat/rooms/room-news.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { type Answer, caller, type Caller, refusal } from './rest.js';

describe('The doors of a room', () => {
  let service: RunningApp;
  let store: RoomStore;
  let ann: Caller;
  let bob: Caller;
  let eve: Caller;
  const notices: RoomNotice[] = [];

  beforeAll(async () => {
    service = await startApp();
    store = service.app.get(RoomStore, { strict: false });
    service.app.get(RoomNews, { strict: false }).onNotice((notice) => notices.push(notice));
    ann = await caller(service, 'ann');
    bob = await caller(service, 'bob');
    eve = await caller(service, 'eve');
    await ann.found('den', 'private');
  });

  async function linkTo(body: object): Promise<string> {
    const answer = await ann.call('POST /rooms/den/links', body);
    expect(answer.status).toBe(201);
    return answer.body.code;
  }

  function byLink(code: string, who = bob): Promise<Answer> {
    return who.call('POST /join', { code });
  }

  it('open to a link as often as it says, and not to whoever is in already', async () => {
    const code = await linkTo({ uses: 1 });
    expect(code).toMatch(/^[\w-]{22}$/);
    expect((await byLink(code, ann)).status).toBe(200);
    const came = await byLink(code);
    expect(came).toMatchObject({ status: 200, body: { room: { name: 'den', members: 2 } } });
    const invalid = { status: 404, code: 'invitation-invalid', field: 'code' };
    expect(refusal(await byLink(code, eve))).toEqual(invalid);
    expect(refusal(await byLink('nothing', eve))).toEqual(invalid);
    await bob.call('DELETE /rooms/den/members/me');
  });

  it('open once to a link of one use that two take at once', async () => {
    const code = await linkTo({ uses: 1 });
    const answers = await Promise.all([byLink(code, bob), byLink(code, eve)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404]);
    await ann.call('DELETE /rooms/den/members/bob');
    await ann.call('DELETE /rooms/den/members/eve');
  });

  it('close to a link that is over, withdrawn, or of a room that bans', async () => {
    const [good, withdrawn, all] = [
      await linkTo({ expires_in: 60 }),
      await linkTo({}),
      await linkTo({}),
    ];
    const room = (await store.byName('den', Date.now()))?.id ?? '';
    const digest = createHash('sha256').update('over').digest('base64url');
    await store.change([
      { op: 'add-link', link: digest, room, by: ann.user.id, uses: null, expiresAt: 1, time: 0 },
    ]);
    expect(refusal(await byLink('over'))).toMatchObject({ code: 'invitation-invalid' });
    await ann.call(`DELETE /rooms/den/links/${withdrawn}`);
    expect(refusal(await byLink(withdrawn))).toMatchObject({ code: 'invitation-invalid' });
    await ann.call('PUT /rooms/den/bans/bob', { expires_in: 60 });
    expect(refusal(await byLink(good))).toMatchObject({ code: 'invitation-invalid' });
    await ann.call('DELETE /rooms/den/bans/bob');
    await ann.call('DELETE /rooms/den/links');
    expect(refusal(await byLink(all))).toMatchObject({ code: 'invitation-invalid' });
  });

  it('have no more than fifty live links', async () => {
    await ann.found('linked');
    for (let count = 0; count < 50; count++) await ann.call('POST /rooms/linked/links', {});
    expect(refusal(await ann.call('POST /rooms/linked/links', {}))).toEqual({
      ...{ status: 409, code: 'limit-reached', limit: 50 },
    });
  });

  it('tell whoever is invited, taken back, added and removed', async () => {
    notices.length = 0;
    await ann.call('PUT /rooms/den/invitations/bob');
    await ann.call('PUT /rooms/den/invitations/bob');
    await ann.call('DELETE /rooms/den/invitations/bob');
    await ann.call('PUT /rooms/den/members/bob');
    await ann.call('DELETE /rooms/den/members/bob');
    const heard = notices.map(({ personId, what, by }) => [personId, what, by?.username]);
    expect(heard).toEqual([
      ...[
        [bob.user.id, 'invited', 'ann'],
        [bob.user.id, 'uninvited', 'ann'],
      ],
      ...[
        [bob.user.id, 'added', 'ann'],
        [bob.user.id, 'removed', 'ann'],
      ],
    ]);
  });

  it('close after a thousand open invitations', async () => {
    const { id } = await ann.found('popular');
    const time = Date.now();
    await store.change(
      Array.from({ length: 1_000 }, (_, index): RoomChange => {
        return {
          op: 'invite',
          room: id,
          person: `p${String(index)}`,
          by: ann.user.id,
          time,
        };
      }),
    );
    expect(refusal(await ann.call('PUT /rooms/popular/invitations/bob'))).toEqual({
      ...{ status: 409, code: 'limit-reached', limit: 1_000 },
    });
  });

  it('let a public room ban, say so, and take it back', async () => {
    await ann.found('yard');
    await bob.call('PUT /rooms/yard/members/me');
    const ban = await ann.call('PUT /rooms/yard/bans/bob', { reason: 'spam', expires_in: 60 });
    expect(ban.body).toMatchObject({ user: bob.user, by: ann.user, reason: 'spam' });
    expect(ban.body.until - ban.body.time).toBe(60_000);
    expect((await ann.call('GET /rooms/yard/bans')).body.items).toEqual([ban.body]);
    expect(refusal(await bob.call('PUT /rooms/yard/members/me'))).toEqual({
      ...{ status: 403, code: 'banned' },
    });
    expect(refusal(await ann.call('PUT /rooms/yard/members/bob'))).toMatchObject({
      ...{ code: 'forbidden', field: 'username' },
    });
    await ann.call('DELETE /rooms/yard/bans/bob');
    expect((await bob.call('PUT /rooms/yard/members/me')).status).toBe(200);
  });

  it('let nobody make more than twenty rooms a day', async () => {
    const maker = await caller(service, 'maker');
    const many = Array.from({ length: 21 }, (_, index) => `made-${String(index)}`);
    const answers = await Promise.all(
      many.map((name) => maker.call('POST /rooms', { name, kind: 'public', history: 'all' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    const refused = answers.filter(({ status }) => status !== 201).map(refusal);
    expect(refused).toEqual([{ status: 409, code: 'limit-reached', limit: 20 }]);
  });

  it('let nobody into more than a thousand rooms', async () => {
    const guest = await caller(service, 'collector');
    const time = Date.now();
    const person = guest.user.id;
    await store.change(
      Array.from({ length: 1_000 }, (_, index): RoomChange => {
        return { op: 'enter', room: `r${String(index)}`, person, role: 'member', time };
      }),
    );
    const full = { status: 409, code: 'too-many-rooms', limit: 1_000 };
    expect(refusal(await guest.call('PUT /rooms/yard/members/me'))).toEqual(full);
    expect(refusal(await ann.call('PUT /rooms/yard/members/collector'))).toEqual({
      ...{ ...full, field: 'username' },
    });
    const wanted = { name: 'one-more', kind: 'public', history: 'all' };
    expect(refusal(await guest.call('POST /rooms', wanted))).toEqual(full);
  });
});
