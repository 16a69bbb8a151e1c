import { beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningApp, startApp } from '../../support/app.js';
import { caller, type Caller, refusal } from './rest.js';

const ROLES = ['reader', 'member', 'moderator', 'owner'] as const;
type Role = (typeof ROLES)[number];

/** Who acts, and who is acted on: nobody may be called a moderator. */
const ACTOR = { reader: 'kai', member: 'kim', moderator: 'koa', owner: 'kurt' } as const;
const TARGET = { reader: 'lea', member: 'leo', moderator: 'lou', owner: 'luz' } as const;

describe('Roles in a room', () => {
  let service: RunningApp;
  const actors = new Map<Role, Caller>();
  const targets = new Map<Role, Caller>();

  beforeAll(async () => {
    service = await startApp();
    for (const role of ROLES) {
      actors.set(role, await caller(service, ACTOR[role]));
      targets.set(role, await caller(service, TARGET[role]));
    }
    await by('owner').found('castle', 'private');
    for (const role of ROLES) await reset(role);
  });

  function by(role: Role): Caller {
    const one = actors.get(role);
    if (one === undefined) throw new Error('nobody');
    return one;
  }

  /** Both people of a role are in the room as that. */
  async function reset(role: Role): Promise<void> {
    const keeper = by('owner');
    if (role !== 'owner') await keeper.call(`PUT /rooms/castle/members/${ACTOR[role]}`, { role });
    await keeper.call(`DELETE /rooms/castle/bans/${TARGET[role]}`);
    await keeper.call(`PUT /rooms/castle/members/${TARGET[role]}`, { role });
  }

  it.each<[who: Role, what: string, least: Role | null, body: object | undefined]>(
    ROLES.flatMap((who): [Role, string, Role | null, object | undefined][] => [
      [who, 'GET /rooms/castle', null, undefined],
      [who, 'GET /rooms/castle/members', null, undefined],
      [who, 'PATCH /rooms/castle/members/me', null, { level: 'mentions' }],
      [who, 'POST /rooms/castle/messages', 'member', { data: 'hello' }],
      [who, 'POST /rooms/castle/links', 'member', {}],
      [who, 'PATCH /rooms/castle', 'moderator', { topic: `by ${who}` }],
      [who, 'PATCH /rooms/castle', 'moderator', { name: `castle` }],
      [who, 'PATCH /rooms/castle', 'owner', { rights: {} }],
      [who, 'PATCH /rooms/castle', 'owner', { kind: 'private' }],
      [who, 'PATCH /rooms/castle', 'owner', { history: 'all' }],
      [who, 'GET /rooms/castle/bans', 'moderator', undefined],
      [who, 'DELETE /rooms/castle/links', 'moderator', undefined],
      [who, 'POST /rooms/castle/restore', 'owner', undefined],
    ]),
  )('let a %s %s from %s on', async (who, what, least, body) => {
    const answer = await by(who).call(what, body);
    const may = least === null || ROLES.indexOf(who) >= ROLES.indexOf(least);
    if (may) expect(answer.status).toBeLessThan(300);
    else expect(refusal(answer)).toEqual({ status: 403, code: 'forbidden', needs: least });
  });

  it.each(ROLES.flatMap((who) => ROLES.map((on): [Role, Role] => [who, on])))(
    'let a %s remove, ban and demote a %s only from above',
    async (who, on) => {
      await reset(on);
      const may = ROLES.indexOf(who) >= 2 && ROLES.indexOf(who) > ROLES.indexOf(on);
      const expected = may ? [200, 204, 200] : [403, 403, 403];
      const name = TARGET[on];
      const role = on === 'reader' ? 'member' : 'reader';
      const demoted = await by(who).call(`PUT /rooms/castle/members/${name}`, { role });
      if (may) await by('owner').call(`PUT /rooms/castle/members/${name}`, { role: on });
      const removed = await by(who).call(`DELETE /rooms/castle/members/${name}`);
      if (may) await by('owner').call(`PUT /rooms/castle/members/${name}`, { role: on });
      const banned = await by(who).call(`PUT /rooms/castle/bans/${name}`);
      expect([demoted.status, removed.status, banned.status]).toEqual(expected);
      await reset(on);
    },
  );

  it('let nobody give a role above the own', async () => {
    await reset('member');
    const answer = await by('moderator').call('PUT /rooms/castle/members/leo', {
      role: 'owner',
    });
    expect(refusal(answer)).toEqual({ status: 403, code: 'forbidden', needs: 'owner' });
    const raised = await by('moderator').call('PUT /rooms/castle/members/koa', {
      role: 'owner',
    });
    expect(refusal(raised)).toEqual({ status: 403, code: 'forbidden', needs: 'owner' });
  });

  it('let an announcement be heard by all and made by moderators', async () => {
    await by('owner').found('news', 'announcement');
    await by('member').call('PUT /rooms/news/members/me');
    const answer = await by('member').call('POST /rooms/news/messages', { data: 'hello' });
    expect(refusal(answer)).toEqual({ status: 403, code: 'forbidden', needs: 'moderator' });
    const rights = { send: 'member' };
    await by('owner').call('PATCH /rooms/news', { rights });
    const now = await by('member').call('POST /rooms/news/messages', { data: 'hello' });
    expect(now.status).toBe(201);
  });

  it('let nobody change, enter or leave the lobby, which is there', async () => {
    const me = by('owner');
    expect((await me.call('GET /rooms/lobby')).body).toMatchObject({
      ...{ name: 'lobby', members: null, me: { role: 'member' } },
    });
    for (const [what, body] of [
      ['PATCH /rooms/lobby', { title: 'x' }],
      ['DELETE /rooms/lobby', undefined],
      ['PUT /rooms/lobby/members/me', undefined],
      ['DELETE /rooms/lobby/members/me', undefined],
      ['PUT /rooms/lobby/members/leo', undefined],
      ['POST /rooms/lobby/links', {}],
      ['PUT /rooms/lobby/bans/leo', undefined],
      ['DELETE /invitations/lobby', undefined],
    ] as const) {
      expect([what, refusal(await me.call(what, body))]).toEqual([
        what,
        { status: 403, code: 'forbidden' },
      ]);
    }
  });
});
