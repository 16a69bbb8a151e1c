import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { type RunningApp, startApp } from '../../support/app.js';
import { onEachEngine } from '../../support/engines.js';
import { join } from '../../support/people.js';
import type { Frame } from '../../support/ws-client.js';
import { caller, type Caller, refusal } from './rest.js';

/** By role; what they are called says nothing of it, since such names are not to be had. */
const NAMES = {
  ...{ owner: 'olga', 'other owner': 'oscar', moderator: 'mia', 'other moderator': 'milo' },
  ...{ member: 'max', reader: 'rita' },
} as const;
type Who = keyof typeof NAMES;
const ROUNDS = 15;

onEachEngine((newDatabase) => {
  describe('Roles', () => {
    let service: RunningApp;
    let room: string;
    let count = 0;
    const people = new Map<Who, Caller>();

    beforeAll(async () => {
      service = await startApp(await newDatabase());
      for (const [who, name] of Object.entries(NAMES)) {
        people.set(who as Who, await caller(service, name));
      }
    });

    beforeEach(async () => {
      room = `room-${count++}`;
      const { owner: _, ...others } = NAMES;
      const members = Object.values(others);
      await as('owner').found(room, 'private', { members });
      await give('moderator', 'moderator');
      await give('other moderator', 'moderator');
      await give('reader', 'reader');
    });

    function as(who: Who): Caller {
      const found = people.get(who);
      if (found === undefined) throw new Error(`there is no ${who}`);
      return found;
    }

    async function give(who: Who, role: string): Promise<void> {
      await as('owner').call(`PUT /rooms/${room}/members/${NAMES[who]}`, { role });
    }

    /** Who is in the room, and as what. */
    async function members(): Promise<Readonly<Record<string, string>>> {
      const answer = await as('owner').call(`GET /rooms/${room}/members`);
      const { items } = answer.body as unknown as {
        readonly items: readonly {
          readonly user: { readonly username: string };
          readonly role: string;
        }[];
      };
      return Object.fromEntries(items.map(({ user, role }) => [user.username, role]));
    }

    const on: readonly (readonly [Who, Who])[] = [
      ['moderator', 'other moderator'],
      ['moderator', 'owner'],
      ['member', 'reader'],
      ['member', 'moderator'],
      ['reader', 'member'],
      ['reader', 'owner'],
    ];

    it.each(on)('are of no use to a %s against a %s [S59]', async (who, whom) => {
      const before = await members();
      const place = `/rooms/${room}/members/${NAMES[whom]}`;
      const calls = [
        as(who).call(`DELETE ${place}`),
        as(who).call(`PUT ${place}`, { role: 'reader' }),
        as(who).call(`PUT ${place}`, { role: 'moderator' }),
        as(who).call(`PUT /rooms/${room}/bans/${NAMES[whom]}`),
      ];
      for (const answer of await Promise.all(calls)) {
        // A role that somebody has already is no change, whoever gives it.
        if (answer.status !== 200) expect(refusal(answer)).toMatchObject({ code: 'forbidden' });
      }
      expect(await members()).toEqual(before);
    });

    it('are given by nobody above the own one, nor to oneself [S59]', async () => {
      for (const [who, whom] of [
        ['moderator', 'member'],
        ['moderator', 'moderator'],
        ['member', 'member'],
        ['reader', 'reader'],
      ] as const) {
        const given = await as(who).call(`PUT /rooms/${room}/members/${NAMES[whom]}`, {
          role: 'owner',
        });
        expect([who, refusal(given)]).toMatchObject([who, { status: 403, code: 'forbidden' }]);
      }
      const stranger = await caller(service);
      const added = `PUT /rooms/${room}/members/${stranger.user.username}`;
      expect(refusal(await as('moderator').call(added, { role: 'owner' }))).toMatchObject({
        code: 'forbidden',
      });
      expect(refusal(await as('member').call(added, { role: 'moderator' }))).toMatchObject({
        code: 'forbidden',
      });
    });

    it('of the last owner stays, however often and from wherever it is asked for [S59]', async () => {
      const owner = as('owner');
      const socket = await join(service, owner.tokens);
      socket.send({ type: FrameType.Part, room, ref: 'part' });
      const last = { code: 'last-owner' };
      expect(await socket.next((frame: Frame) => frame.ref === 'part')).toMatchObject(last);
      await socket.close();
      for (const answer of [
        await owner.call(`DELETE /rooms/${room}/members/me`),
        await owner.call(`DELETE /rooms/${room}/members/olga`),
        await owner.call(`PUT /rooms/${room}/members/olga`, { role: 'moderator' }),
      ]) {
        expect(refusal(answer)).toEqual({ status: 409, ...last });
      }
    });

    it('leave a room one owner where two go at once [S59]', async () => {
      for (let round = 0; round < ROUNDS; round++) {
        await give('other owner', 'owner');
        const [one, other] = await Promise.all([
          as('owner').call(`PUT /rooms/${room}/members/olga`, { role: 'moderator' }),
          as('other owner').call(`DELETE /rooms/${room}/members/me`),
        ]);
        const statuses = [one.status, other.status];
        expect([
          [200, 409],
          [409, 204],
        ]).toContainEqual(statuses);
        if (one.status === 200) {
          await as('other owner').call(`PUT /rooms/${room}/members/olga`, { role: 'owner' });
        } else {
          await as('owner').call(`PUT /rooms/${room}/members/oscar`);
        }
      }
    });

    it('are gone with whoever had them, also after coming back [S59]', async () => {
      await as('owner').call(`DELETE /rooms/${room}/members/mia`);
      const place = `/rooms/${room}/members/max`;
      const outside = await as('moderator').call(`DELETE ${place}`);
      expect(refusal(outside)).toEqual({ status: 403, code: 'not-a-member' });
      await as('owner').call(`PUT /rooms/${room}/members/mia`);
      expect(await members()).toMatchObject({ mia: 'member' });
      expect(refusal(await as('moderator').call(`DELETE ${place}`))).toMatchObject({
        code: 'forbidden',
      });
    });

    it('are of no use from the moment at which they are taken [S59]', async () => {
      const owner = await join(service, as('owner').tokens);
      for (let round = 0; round < ROUNDS; round++) {
        await Promise.all([
          as('owner').call(`DELETE /rooms/${room}/members/mia`),
          as('moderator').call(`DELETE /rooms/${room}/members/max`),
          as('moderator').call(`PUT /rooms/${room}/members/rita`, { role: 'member' }),
        ]);
        const parted = await owner.next(isPart('mia', room));
        await as('owner').call(`POST /rooms/${room}/messages`, { data: `round ${String(round)}` });
        await owner.next({ room, data: `round ${String(round)}` });
        const above = owner.frames.filter(
          (frame) =>
            (frame.seq ?? 0) > (parted.seq ?? 0) && frame.room === room && isBy('mia', frame),
        );
        expect(above).toEqual([]);
        await as('owner').call(`PUT /rooms/${room}/members/mia`);
        await give('moderator', 'moderator');
        await give('reader', 'reader');
        await as('owner').call(`PUT /rooms/${room}/members/max`);
      }
    });
  });
});

function isPart(name: string, room: string): (frame: Frame) => boolean {
  return ({ type, room: where, user }) =>
    type === FrameType.Part && where === room && user?.username === name;
}

/** Whether somebody did it: gave a role, or removed whom it is about. */
function isBy(name: string, frame: Frame): boolean {
  const by = 'by' in frame ? (frame.by as { readonly username: string }) : null;
  const isRole = frame.type === FrameType.Member && frame.user?.username === name;
  return isRole || by?.username === name;
}
