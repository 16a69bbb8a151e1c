import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import { judge, refuseUnless } from '../conversations/access.js';
import { isAtLeast, type Room } from '../conversations/room.js';
import type { RoomChange, RoomName } from '../conversations/room-change.js';
import type { RoomAndPlace } from '../conversations/room-finder.js';
import { RoomStore } from '../conversations/room-store.js';
import type { RoomDescription } from '../messages/kinds/room.js';
import { ALIAS_MS, RESTORABLE_MS } from './bounds.js';
import { checkDescription } from './description.js';
import { RoomEvents } from './room-events.js';
import { parseRoomName } from './room-name.js';
import { type InRoom, RoomReader } from './room-reader.js';
import { expect, RoomWriter } from './room-writer.js';

/** What is to become of a room; what is not given stays as it is. */
export type RoomPatch = Partial<Omit<RoomDescription, 'archivedAt'>>;

/** What only an owner may change: who may come in, read, and do what. */
const OWNERS_ONLY = ['kind', 'history', 'rights'] as const;

/** What takes the right to manage a room. */
const MANAGED = ['title', 'topic', ...OWNERS_ONLY] as const;

/**
 * Rooms that are there: found, described, renamed, archived. Every call rejects with a Refusal: as
 * {@link RoomReader} for whoever may not, and as {@link RoomWriter}.
 */
@Injectable()
export class RoomService {
  constructor(
    private readonly reader: RoomReader,
    private readonly writer: RoomWriter,
    private readonly store: RoomStore,
    private readonly events: RoomEvents,
    private readonly clock: Clock,
  ) {}

  /** A room that somebody is in, or may find. */
  find(me: Person, name: string): Promise<RoomAndPlace> {
    return this.reader.visible(me, name);
  }

  /**
   * Rooms that everybody may find, by their compared names, with the reader's place in each.
   * @param q what a name or title contains; empty: all
   */
  async directory(
    me: Person,
    q: string,
    { limit, after }: { readonly limit: number; readonly after?: string },
  ): Promise<readonly (RoomAndPlace & { readonly canonical: string })[]> {
    const [rooms, own] = await Promise.all([
      this.store.directory(q, limit, after),
      this.store.roomsOf([me.id]),
    ]);
    const places = new Map(own.map(({ roomId, membership }) => [roomId, membership]));
    return rooms.map(({ canonical, ...room }) => ({
      ...{ room, membership: places.get(room.id) ?? null, canonical },
    }));
  }

  /**
   * @throws Refusal `room-exists`; `invalid-field` or `text-too-long` for a name or text; `forbidden`
   *   without the right to rename or to manage, or for what only an owner may change
   */
  async change(me: Person, name: string, patch: RoomPatch): Promise<RoomAndPlace> {
    return this.writer.decide(
      () => this.reader.inside(me, name, 'read'),
      async ({ room, mine }) => {
        refuseChange({ room, mine }, patch);
        checkDescription(patch);
        const renamed = patch.name === undefined ? null : parseRoomName(patch.name);
        const next = patched(room, patch, renamed?.displayed ?? room.name);
        if (isSame(room, next)) return { room, membership: mine };
        const rename = renamed?.displayed === room.name ? null : renamed;
        if (rename !== null) await this.refuseTaken(rename, room.id);
        return { room: await this.write(me, room, next, rename), membership: mine };
      },
    );
  }

  /** Makes a room one that can only be read. An owner may; done twice it is done once. */
  async archive(me: Person, name: string): Promise<void> {
    await this.writer.decide(
      () => this.reader.inside(me, name, 'read'),
      async ({ room, mine }) => {
        refuseBelowOwner({ room, mine });
        if (room.archivedAt !== null) return;
        await this.write(me, room, { ...room, archivedAt: this.clock.now() });
      },
    );
  }

  /** @throws Refusal `room-archived`, by rejection, where it is too late */
  async restore(me: Person, name: string): Promise<RoomAndPlace> {
    return this.writer.decide(
      () => this.reader.inside(me, name, 'read'),
      async ({ room, mine }) => {
        refuseBelowOwner({ room, mine });
        if (room.archivedAt === null) return { room, membership: mine };
        if (this.clock.now() - room.archivedAt > RESTORABLE_MS) throw new Refusal('room-archived');
        const next = { ...room, archivedAt: null };
        return { room: await this.write(me, room, next), membership: mine };
      },
    );
  }

  private async write(
    me: Person,
    room: Room,
    next: Room,
    name: RoomName | null = null,
  ): Promise<Room> {
    const changes: RoomChange[] = [expect(room), { op: 'describe', ...next, room: room.id }];
    if (name !== null) {
      const time = this.clock.now();
      changes.push({ op: 'rename', room: room.id, name, aliasUntil: time + ALIAS_MS, time });
    }
    await this.writer.write(this.events.described({ room, who: me, changes }, next));
    return { ...next, version: room.version + 1 };
  }

  private async refuseTaken(name: RoomName, roomId: string): Promise<void> {
    const holder = await this.store.nameHolder(name, this.clock.now());
    if (holder === null || holder === roomId) return;
    throw new Refusal('room-exists', { field: 'name' });
  }
}

/** Field by field: what is not given may be there as undefined. */
function patched(room: Room, patch: RoomPatch, name: string): Room {
  const { title = room.title, topic = room.topic } = patch;
  const { kind = room.kind, history = room.history, rights = room.rights } = patch;
  return { ...room, name, title, topic, kind, history, rights };
}

function refuseChange({ room, mine }: InRoom, patch: RoomPatch): void {
  if (room.archivedAt !== null) throw new Refusal('room-archived');
  if (OWNERS_ONLY.some((one) => patch[one] !== undefined)) refuseBelowOwner({ room, mine });
  if (patch.name !== undefined) refuseUnless(judge(room, mine, 'rename'));
  if (MANAGED.some((one) => patch[one] !== undefined)) {
    refuseUnless(judge(room, mine, 'manage'));
  }
}

function refuseBelowOwner({ mine }: InRoom): void {
  if (!isAtLeast(mine.role, 'owner')) throw new Refusal('forbidden', { needs: 'owner' });
}

function isSame(one: Room, other: Room): boolean {
  const rights = (room: Room): string =>
    JSON.stringify(Object.entries(room.rights).sort(([a], [b]) => (a < b ? -1 : 1)));
  return (
    (['name', 'title', 'topic', 'kind', 'history'] as const).every(
      (field) => one[field] === other[field],
    ) && rights(one) === rights(other)
  );
}
