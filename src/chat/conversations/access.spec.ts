import { beforeEach, describe, expect, it } from '@jest/globals';
import { loadSettings } from '../../config/load.js';
import { Refusal } from '../../kernel/refusal.js';
import { Access, type Action, judge, rightsIn } from './access.js';
import { directKey, roomKey } from './key.js';
import { LOBBY_KEY } from './lobby.js';
import { principalOf } from './principal.js';
import type { Membership, Role, Room, RoomKind } from './room.js';
import { RoomBook } from './room-book.js';
import type { RoomStore } from './room-store.js';

const ANN = principalOf({ id: '01ANN', username: 'ann' });
const NOT_A_MEMBER = { allowed: false, code: 'not-a-member' };
const COMMON: readonly Action[] = ['read', 'send'];

/** A room with people in it, as the store knows them. */
class Rooms implements Pick<RoomStore, 'byIds' | 'membership'> {
  constructor(
    readonly room: Room,
    readonly memberships: Readonly<Record<string, Membership>>,
  ) {}

  byIds(ids: readonly string[]): Promise<ReadonlyMap<string, Room>> {
    return Promise.resolve(new Map(ids.includes(this.room.id) ? [[this.room.id, this.room]] : []));
  }

  membership(_roomId: string, personId: string): Promise<Membership | null> {
    return Promise.resolve(this.memberships[personId] ?? null);
  }
}

function room(but: Partial<Room> = {}): Room {
  return {
    ...{ id: '01DEV', key: roomKey('01DEV'), name: 'dev', title: null, topic: null },
    ...{ kind: 'public', history: 'all', rights: {}, createdAt: 0, archivedAt: null },
    ...{ members: 1, version: 1 },
    ...but,
  };
}

function as(role: Role, left: number | null = null): Membership {
  return { role, joined: 3, left };
}

describe('Access', () => {
  let book: RoomBook;
  let access: Access;

  function stage(store: Rooms, lobby = true): void {
    book = new RoomBook(loadSettings({ LOBBY: String(lobby) }));
    access = new Access(book, store as unknown as RoomStore);
  }

  beforeEach(() => {
    stage(new Rooms(room(), { '01ANN': as('member'), '01BEN': as('member', 7) }));
  });

  it.each(COMMON)('lets everybody %s in the lobby', (action) => {
    expect(access.mayDo(ANN, LOBBY_KEY, action)).toEqual({ allowed: true });
  });

  it('lets nobody into a lobby that is switched off', async () => {
    stage(new Rooms(room(), {}), false);
    expect(access.mayDo(ANN, LOBBY_KEY, 'read')).toEqual(NOT_A_MEMBER);
    expect(await access.decide(ANN, LOBBY_KEY, 'read')).toEqual(NOT_A_MEMBER);
  });

  it.each(COMMON)('lets each side of a private conversation %s there', (action) => {
    for (const other of ['01A', '01Z']) {
      expect(access.mayDo(ANN, directKey('01ANN', other), action)).toEqual({ allowed: true });
    }
  });

  it.each(COMMON)('lets nobody %s anywhere else, and says the same of all places', (action) => {
    const others = [
      ...[roomKey('other'), roomKey(''), roomKey('LOBBY'), roomKey('lobby:x')],
      ...[directKey('01A', '01B'), directKey('01ANNA', '01B')],
    ];
    for (const conversation of others) {
      expect(access.mayDo(ANN, conversation, action)).toEqual(NOT_A_MEMBER);
    }
  });

  it('asks the store about people who are not in the room by what this node knows, and nobody else', async () => {
    const key = room().key;
    expect(access.mayDo(ANN, key, 'read')).toEqual(NOT_A_MEMBER);
    expect(await access.decide(ANN, key, 'read')).toEqual({ allowed: true });
    const ben = principalOf({ id: '01BEN', username: 'ben' });
    expect(await access.decide(ben, key, 'read')).toEqual(NOT_A_MEMBER);
    expect(await access.decide(ANN, roomKey('none'), 'read')).toEqual(NOT_A_MEMBER);
    book.settle('01ANN', new Map());
    expect(access.mayDo(ANN, key, 'read')).toEqual(NOT_A_MEMBER);
    expect(await access.decide(ANN, key, 'read')).toEqual({ allowed: true });
    book.learn(room());
    book.enter('01ANN', key, as('reader'));
    expect(access.mayDo(ANN, key, 'read')).toEqual({ allowed: true });
    expect(await access.decide(ANN, key, 'send')).toMatchObject({ code: 'forbidden' });
    expect(access.mayDo(ANN, key, 'send')).toMatchObject({ code: 'forbidden', needs: 'member' });
  });

  it('refuses who can wait with the same code, and names the field at fault', async () => {
    const closed = roomKey('other');
    await expect(access.require(ANN, closed, 'read')).rejects.toEqual(new Refusal('not-a-member'));
    await expect(access.require(ANN, closed, 'read', 'room')).rejects.toMatchObject({
      details: { field: 'room' },
    });
    await expect(access.require(ANN, LOBBY_KEY, 'send')).resolves.toBeUndefined();
  });

  it.each<[RoomKind, Role, readonly Action[]]>([
    ['public', 'reader', []],
    ['public', 'member', ['send', 'thread', 'react', 'edit', 'invite', 'upload']],
    ['announcement', 'member', ['thread', 'react', 'edit']],
  ])('gives in a %s room to a %s: %j', (kind, role, rights) => {
    expect(rightsIn(room({ kind }), as(role))).toEqual(rights);
  });

  it('goes by what the room says of a right before the defaults of its kind', () => {
    const strict = room({ rights: { send: 'owner', pin: 'reader' } });
    expect(judge(strict, as('moderator'), 'send')).toEqual({
      ...{ allowed: false, code: 'forbidden', needs: 'owner' },
    });
    expect(judge(strict, as('reader'), 'pin')).toEqual({ allowed: true });
  });

  it('lets an archived room be read, and managed, and nothing else', () => {
    const archived = room({ archivedAt: 1 });
    expect(judge(archived, as('owner'), 'read')).toEqual({ allowed: true });
    expect(judge(archived, as('owner'), 'manage')).toEqual({ allowed: true });
    expect(judge(archived, as('owner'), 'send')).toMatchObject({ code: 'room-archived' });
    expect(judge(archived, as('member', 5), 'read')).toEqual(NOT_A_MEMBER);
  });
});
