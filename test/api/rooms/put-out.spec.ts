import { beforeAll, describe, expect, it } from '@jest/globals';
import { FrameType } from '@parley/protocol';
import { ReactionService } from '../../../src/chat/messages/changing/reaction.service.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { onEachEngine } from '../../support/engines.js';
import { join } from '../../support/people.js';
import type { ChatSocket, Frame } from '../../support/ws-client.js';
import { caller, type Caller } from './rest.js';

const { GroupChat, Part, Reaction } = FrameType;
const ROUNDS = 6;
const MESSAGES = 12;

type Out = (owner: Caller, room: string, name: string) => Promise<unknown>;

onEachEngine((newDatabase) => {
  describe('Whoever is put out while sending', () => {
    let service: RunningApp;
    let count = 0;

    beforeAll(async () => {
      service = await startApp(await newDatabase());
    });

    /** The room's events as its owner is told of them, up to this message. */
    async function events(
      owner: Caller,
      watching: ChatSocket,
      room: string,
    ): Promise<readonly Frame[]> {
      await owner.call(`POST /rooms/${room}/messages`, { data: 'the end' });
      await watching.next({ room, data: 'the end' });
      return watching.frames.filter((one) => one.room === room && one.seq !== undefined);
    }

    /** Puts somebody out who is sending on two devices, and looks at all that came of it. */
    async function putOut(
      out: Out,
      send: (socket: ChatSocket, member: Caller, room: string, at: number) => unknown,
    ): Promise<void> {
      const room = `room-${count}`;
      // Nobody makes more than some rooms a day.
      const owner = await caller(service);
      const watching = await join(service, owner.tokens);
      const member = await caller(service, `member-${count++}`);
      const name = member.user.username;
      await owner.found(room, 'private', { members: [name] });
      const devices = [await join(service, member.tokens), await join(service, member.tokens)];
      const sent: unknown[] = [];
      const gone = out(owner, room, name);
      for (let at = 0; at < MESSAGES; at++) {
        for (const socket of devices) sent.push(send(socket, member, room, at));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await gone;
      await Promise.all(sent);
      const all = await events(owner, watching, room);
      const cut = all.find(({ type, user }) => type === Part && user?.id === member.user.id);
      const above = all.filter(({ seq = 0, user }) => {
        return seq > (cut?.seq ?? 0) && user?.id === member.user.id;
      });
      expect(above).toEqual([]);
      for (const socket of devices) {
        await socket.next({ type: Part, room });
        await socket.roundTrip();
        const told = socket.frames.filter((one) => one.room === room && one.seq !== undefined);
        expect(Math.max(...told.map(({ seq = 0 }) => seq))).toBe(cut?.seq);
        await socket.close();
      }
      await watching.close();
    }

    /** A room's owner, and two who are in it. */
    async function threeIn(room: string): Promise<readonly [Caller, Caller, Caller]> {
      const [owner, one, other] = [
        await caller(service),
        await caller(service),
        await caller(service),
      ];
      const members = [one.user.username, other.user.username];
      await owner.found(room, 'private', { members });
      return [owner, one, other];
    }

    const ways: readonly (readonly [string, Out])[] = [
      ['removed', (owner, room, name) => owner.call(`DELETE /rooms/${room}/members/${name}`)],
      ['banned', (owner, room, name) => owner.call(`PUT /rooms/${room}/bans/${name}`)],
    ];

    it.each(ways)(
      'is %s, and says nothing above that by the socket [S57]',
      async (_what, out) => {
        for (let round = 0; round < ROUNDS; round++) {
          await putOut(out, (socket, _member, room, at) => {
            socket.send({
              type: GroupChat,
              room,
              data: `text ${String(at)}`,
              ref: `${room} ${String(at)}`,
            });
          });
        }
      },
      180_000,
    );

    it.each(ways)(
      'is %s, and says nothing above that over REST [S57]',
      async (_what, out) => {
        for (let round = 0; round < ROUNDS; round++) {
          await putOut(out, (_socket, member, room) =>
            member.call(`POST /rooms/${room}/messages`, { data: 'text' }),
          );
        }
      },
      180_000,
    );

    it.each(ways)(
      'is %s, and edits, deletes and answers nothing above that [S57]',
      async (_what, out) => {
        for (let round = 0; round < ROUNDS; round++) {
          await putOut(out, (_socket, member, room, at) => {
            const messages = `/rooms/${room}/messages`;
            if (at === 0) return member.call(`POST ${messages}`, { data: 'hi' });
            if (at % 3 === 0) return member.call(`POST ${messages}`, { data: 'hi', reply: 3 });
            // Behind two Joins, if it is there by then.
            if (at % 3 === 1) return member.call(`PATCH ${messages}/3`, { data: `text ${at}` });
            return member.call(`DELETE ${messages}/${4 + at}`);
          });
        }
      },
      180_000,
    );

    it.each(ways)(
      'is %s, and reacts to nothing above that, though others do with it [S57]',
      async (_what, out) => {
        // Reactions gather as if more than three hundred were here: some of whoever goes are among them.
        service.app.get(ReactionService, { strict: false }).measureBy(() => 301);
        const [owner, staying, going] = await threeIn(`cheers-${count}`);
        const room = `cheers-${count++}`;
        const messages = `/rooms/${room}/messages`;
        const watching = await join(service, owner.tokens);
        const { seq } = (await owner.call(`POST ${messages}`, { data: 'news' })).body;
        const react = (who: Caller, key: string) =>
          who.call(`PUT ${messages}/${String(seq)}/reactions/${key}`);
        const first = [react(going, '👍'), react(staying, '👍'), react(owner, '👍')];
        await out(owner, room, going.user.username);
        const [gone, ...others] = await Promise.all(first);
        expect(others.map(({ status }) => status)).toEqual([200, 200]);
        expect(await react(going, '🎉')).toMatchObject({ status: 403 });
        const all = await events(owner, watching, room);
        const cut = all.findIndex(({ type }) => type === Part);
        expect(JSON.stringify(all.slice(cut + 1))).not.toContain(going.user.id);
        const isIn = all.slice(0, cut).some(({ type }) => type === Reaction);
        expect(gone).toMatchObject(isIn ? { status: 200 } : { body: { code: 'not-a-member' } });
        expect((await owner.call(`GET ${messages}/${String(seq)}`)).body).toMatchObject({
          reactions: [{ key: '👍', count: isIn ? 3 : 2, me: true }],
        });
        await watching.close();
      },
    );

    it('reads nothing above that in any way [S57]', async () => {
      const [owner, member] = [await caller(service), await caller(service, 'reading')];
      await owner.found('last', 'private', { members: ['reading'] });
      await owner.call('DELETE /rooms/last/members/reading');
      const { seq } = (await owner.call('POST /rooms/last/messages', { data: 'later' })).body;
      for (const path of [
        '/rooms/last/messages',
        `/rooms/last/messages/${String(seq)}/readers`,
        '/rooms/last/export',
        '/rooms/last/members',
        '/rooms/last',
      ]) {
        expect(await member.call(`GET ${path}`)).toMatchObject({
          status: 403,
          body: { code: 'not-a-member' },
        });
      }
      const list = await member.call('GET /conversations');
      expect(JSON.stringify(list.body)).not.toContain('later');
      const socket = await join(service, member.tokens);
      expect(JSON.stringify(socket.frames)).not.toContain('last');
      socket.send({ type: 8, data: { last: 0 }, ref: 's' });
      const outcome = await socket.next({ ref: 's' });
      expect(outcome.data).toEqual({ last: { seq: 3, complete: true } });
      expect(JSON.stringify(socket.frames)).not.toContain('later');
    });

    it('is brought up to the Part by its name where nobody else is here', async () => {
      const [alone, member] = [await caller(service, 'alone'), await caller(service, 'back')];
      await alone.found('empty', 'private', { members: ['back'] });
      await alone.call('POST /rooms/empty/messages', { data: 'hello' });
      await alone.call('DELETE /rooms/empty/members/back');
      const socket = await join(service, member.tokens);
      socket.send({ type: 8, data: { empty: 1 }, ref: 's' });
      await socket.next({ ref: 's' });
      const told = socket.frames.filter(({ seq }) => seq !== undefined);
      expect(told.map(({ room, seq }) => [room, seq])).toEqual([
        ['empty', 2],
        ['empty', 3],
        ['empty', 4],
      ]);
    });
  });
});
