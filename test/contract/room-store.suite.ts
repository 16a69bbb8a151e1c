import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { roomKey } from '../../src/chat/conversations/key.js';
import type { RoomChange } from '../../src/chat/conversations/room-change.js';
import type { Draft } from '../../src/chat/log/event.js';
import type { Person } from '../../src/kernel/person.js';
import { everything, say } from './drafts.js';
import type { EngineFactory, EngineUnderTest } from './engine-under-test.js';
import { join, newId } from './people.js';

const NOW = 1_790_000_000_000;

export function roomStoreContract(open: EngineFactory): void {
  describe('RoomStore', () => {
    let engine: EngineUnderTest;
    let ann: Person;
    let bob: Person;

    beforeAll(async () => {
      engine = await open();
      [ann, bob] = [await join(engine, 'ann'), await join(engine, 'bob')];
    });

    afterAll(() => engine.dispose());

    function make(name: string, room = newId(), ref: string | null = null): RoomChange {
      const names = { displayed: name, canonical: name.toLowerCase(), skeleton: name };
      return {
        ...{ op: 'make', room, name: names, title: null, topic: null, kind: 'public' },
        ...{ history: 'all', rights: {}, by: ann.id, ref, time: NOW },
      };
    }

    /** A room with ann in it. */
    async function made(name: string): Promise<string> {
      const room = newId();
      await engine.rooms.change([make(name, room), enter(room, ann, 'owner')]);
      return room;
    }

    function enter(room: string, { id }: Person, role: 'owner' | 'member' = 'member'): RoomChange {
      return { op: 'enter', room, person: id, role, time: NOW };
    }

    function saying(room: string, text: string, changes: readonly RoomChange[]): Draft {
      return say(ann, text, { conversation: roomKey(room), changes });
    }

    it('finds a room by its name as compared, by its id, and by its ref', async () => {
      const room = newId();
      expect(await engine.rooms.change([make('Harbour', room, 'r1')])).toBe(true);
      expect(await engine.rooms.hasRooms()).toBe(true);
      const found = await engine.rooms.byName('harbour', NOW);
      expect(found).toMatchObject({ id: room, name: 'Harbour', members: 0, version: 1 });
      expect(await engine.rooms.byRef(ann.id, 'r1')).toEqual(found);
      expect((await engine.rooms.byIds([room])).get(room)).toEqual(found);
      expect(await engine.rooms.byRef(bob.id, 'r1')).toBeNull();
      expect(await engine.rooms.countMade(ann.id, NOW)).toBe(1);
      expect(await engine.rooms.countMade(ann.id, NOW + 1)).toBe(0);
    });

    it('gives a name to one of two who want it at once', async () => {
      const answers = await Promise.all([
        engine.rooms.change([make('wanted')]),
        engine.rooms.change([make('wanted')]),
      ]);
      expect(answers.toSorted()).toEqual([false, true]);
    });

    it('keeps an old name for the room until it is over', async () => {
      const room = await made('before');
      const name = { displayed: 'after', canonical: 'after', skeleton: 'after' };
      const old = { displayed: 'before', canonical: 'before', skeleton: 'before' };
      await engine.rooms.change([{ op: 'rename', room, name, aliasUntil: NOW + 10, time: NOW }]);
      expect((await engine.rooms.byName('before', NOW))?.name).toBe('after');
      expect(await engine.rooms.nameHolder(old, NOW)).toBe(room);
      expect(await engine.rooms.byName('before', NOW + 10)).toBeNull();
      expect(await engine.rooms.nameHolder(old, NOW + 10)).toBeNull();
      expect(await engine.rooms.change([make('before')])).toBe(false);
    });

    it('stores an event with its rows, and neither where they are stale', async () => {
      const room = await made('exact');
      const expected = { op: 'expect', room, version: 1 } as const;
      const [first, second, third] = await engine.log.append([
        saying(room, 'one', [expected, enter(room, bob)]),
        saying(room, 'two', [expected, { op: 'exit', room, person: bob.id, time: NOW }]),
        saying(room, 'three', []),
      ]);
      expect([first?.status, second?.status, third?.status]).toEqual(['stored', 'stale', 'stored']);
      const texts = (await everything(engine.log, roomKey(room))).map(({ seq, body }) => [
        seq,
        body,
      ]);
      expect(texts).toEqual([
        [1, 'one'],
        [2, 'three'],
      ]);
      expect(await engine.rooms.membership(room, bob.id)).toEqual({
        ...{ role: 'member', joined: 1, left: null },
      });
      expect((await engine.rooms.byIds([room])).get(room)).toMatchObject({
        members: 2,
        version: 2,
      });
    });

    it('tells up to which number of its log a room has come', async () => {
      const [room, silent] = [await made('told'), await made('silent')];
      await engine.log.append([saying(room, 'one', [enter(room, bob)]), saying(room, 'two', [])]);
      const snapshots = await engine.rooms.snapshots([room, silent, 'none']);
      const told = snapshots.map(({ room: { id, members }, head }) => ({ id, members, head }));
      expect(told).toHaveLength(2);
      expect(told).toContainEqual({ id: room, members: 2, head: 2 });
      expect(told).toContainEqual({ id: silent, members: 1, head: 0 });
    });

    it('changes all rows of a list, or none', async () => {
      const room = await made('whole');
      const answer = await engine.rooms.change([
        { op: 'expect', room, version: 1 },
        enter(room, bob),
        enter(room, bob),
      ]);
      expect(answer).toBe(false);
      expect(await engine.rooms.membership(room, bob.id)).toBeNull();
      expect((await engine.rooms.byIds([room])).get(room)).toMatchObject({
        members: 1,
        version: 1,
      });
    });

    it('lets one of two through who expect the same, in one batch or in two', async () => {
      const room = await made('race');
      const draft = (): Draft => saying(room, 'x', [{ op: 'expect', room, version: 1 }]);
      const outcomes = await Promise.all([
        engine.log.append([draft(), draft()]),
        engine.log.append([draft()]),
      ]);
      const statuses = outcomes.flat().map(({ status }) => status);
      expect(statuses.toSorted()).toEqual(['stale', 'stale', 'stored']);
    });

    it('lets one of two use a link that has one use left', async () => {
      const room = await made('linked');
      await engine.rooms.change([
        { op: 'add-link', link: 'l', room, by: ann.id, uses: 1, expiresAt: null, time: NOW },
      ]);
      const use: RoomChange = { op: 'use-link', link: 'l', time: NOW };
      const answers = await Promise.all([engine.rooms.change([use]), engine.rooms.change([use])]);
      expect(answers.toSorted()).toEqual([false, true]);
      expect(await engine.rooms.link('l', NOW)).toBeNull();
      await engine.rooms.change([
        { op: 'add-link', link: 'm', room, by: ann.id, uses: null, expiresAt: NOW + 1, time: NOW },
      ]);
      expect(await engine.rooms.countLinks(room, NOW)).toBe(1);
      expect(await engine.rooms.link('m', NOW + 1)).toBeNull();
      await engine.rooms.change([{ op: 'remove-link', link: null, room }]);
      expect(await engine.rooms.countLinks(room, NOW)).toBe(0);
    });

    it('remembers who invited somebody until the person comes in, or is banned', async () => {
      const room = await made('guarded');
      const invite: RoomChange = { op: 'invite', room, person: bob.id, by: ann.id, time: NOW };
      await engine.rooms.change([invite, invite]);
      expect(await engine.rooms.inviter(room, bob.id)).toEqual(ann);
      expect(await engine.rooms.countInvitations(room)).toBe(1);
      const ban = { op: 'ban', room, person: bob.id, by: ann.id, reason: 'spam' } as const;
      await engine.rooms.change([{ ...ban, until: NOW + 10, time: NOW }]);
      expect(await engine.rooms.inviter(room, bob.id)).toBeNull();
      expect(await engine.rooms.ban(room, bob.id, NOW)).toMatchObject({ by: ann, reason: 'spam' });
      expect(await engine.rooms.countBans(room, NOW)).toBe(1);
      expect(await engine.rooms.ban(room, bob.id, NOW + 10)).toBeNull();
      expect(await engine.rooms.countBans(room, NOW + 10)).toBe(0);
    });

    it('finds who inherits, and who has gone and is still in a room', async () => {
      const room = await made('inherited');
      await engine.rooms.change([enter(room, bob)]);
      expect((await engine.rooms.successor(room, ann.id))?.person).toEqual(bob);
      expect(await engine.rooms.ownedAlone(ann.id)).toContain(roomKey(room));
      expect(await engine.rooms.goneMembers(0, 10)).toEqual([]);
    });
  });
}
