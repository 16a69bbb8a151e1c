import { Injectable } from '@nestjs/common';
import { GatheredQuery } from '../../kernel/gathered-query.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { type ConversationKey, roomKey } from '../conversations/key.js';
import type { Membership } from '../conversations/room.js';
import { type PersonsRoom, RoomStore } from '../conversations/room-store.js';
import { MessageBus } from '../log/message-bus.js';

/** People per query, the store's limit. */
const MOST_AT_ONCE = 500;

/** All rooms of a person, as the store has them. */
export interface RoomsOfPerson {
  readonly memberships: ReadonlyMap<ConversationKey, Membership>;
  /** As of this version or a later one: see {@link RoomStore.versionsOf}. */
  readonly version: number;
}

/** Goes on for as long as what was read of a person is not in the book yet. */
export interface Reading {
  /** The person came into a room or went from one since the last {@link RoomsOfPeople.read}. */
  isStale: boolean;
}

const NO_ROOMS: ReadonlyMap<ConversationKey, Membership> = new Map();
const NEVER_MOVED: RoomsOfPerson = { memberships: NO_ROOMS, version: 0 };

/**
 * Reads which rooms people are in, for all at once who come in one turn of the event loop. What
 * changes while it is read or put to use makes a reading stale: it has to be read again. Where there is no
 * room but the lobby, nobody is asked for: a single node hears of the first one by its first Join.
 */
@Injectable()
export class RoomsOfPeople {
  private readonly readings = new Map<string, Set<Reading>>();
  private readonly rooms: GatheredQuery<string, RoomsOfPerson>;
  private readonly versions: GatheredQuery<string, number>;
  /** Whether there may be rooms; null: nobody has asked yet. */
  private mayHaveRooms: boolean | null;

  constructor(
    private readonly store: RoomStore,
    bus: MessageBus,
    scheduler: Scheduler,
  ) {
    this.mayHaveRooms = bus.isLossless ? null : true;
    this.rooms = new GatheredQuery(scheduler, MOST_AT_ONCE, (ids) => this.query(ids));
    this.versions = new GatheredQuery(scheduler, MOST_AT_ONCE, async (ids) => {
      const versions = await store.versionsOf(ids);
      return (id) => versions.get(id) ?? 0;
    });
  }

  /** From here on changes are noted, until the reading ends. */
  begin(personId: string): Reading {
    const reading = { isStale: false };
    const readings = this.readings.get(personId) ?? new Set();
    this.readings.set(personId, readings.add(reading));
    return reading;
  }

  end(personId: string, reading: Reading): void {
    const readings = this.readings.get(personId);
    readings?.delete(reading);
    if (readings?.size === 0) this.readings.delete(personId);
  }

  /** @throws Refusal where the store cannot answer, by rejection */
  async read(personId: string, reading: Reading): Promise<RoomsOfPerson> {
    reading.isStale = false;
    if (this.mayHaveRooms === null) await this.lookForRooms();
    const isIdle = this.mayHaveRooms === false && !this.store.wasChanged;
    return isIdle ? NEVER_MOVED : this.rooms.ask(personId);
  }

  /** The person has come into a room, or gone from one. */
  changed(personId: string): void {
    this.mayHaveRooms = true;
    for (const reading of this.readings.get(personId) ?? []) reading.isStale = true;
  }

  /**
   * @see RoomStore.versionsOf
   * @throws Refusal where the store cannot answer, by rejection
   */
  versionOf(personId: string): Promise<number> {
    return this.versions.ask(personId);
  }

  private async lookForRooms(): Promise<void> {
    const hasRooms = await this.store.hasRooms();
    // Unless somebody has made one meanwhile.
    this.mayHaveRooms ??= hasRooms;
  }

  /** Versions first: what changes between the two shows as a later version, and is read again. */
  private async query(ids: readonly string[]): Promise<(id: string) => RoomsOfPerson> {
    const versions = await this.store.versionsOf(ids);
    const moved = ids.filter((id) => (versions.get(id) ?? 0) > 0);
    const found = moved.length === 0 ? [] : await this.store.roomsOf(moved);
    const memberships = byPerson(found);
    return (id) => ({
      memberships: memberships.get(id) ?? NO_ROOMS,
      version: versions.get(id) ?? 0,
    });
  }
}

function byPerson(
  found: readonly PersonsRoom[],
): ReadonlyMap<string, ReadonlyMap<ConversationKey, Membership>> {
  const people = new Map<string, Map<ConversationKey, Membership>>();
  for (const { personId, roomId, membership } of found) {
    const own = people.get(personId) ?? new Map<ConversationKey, Membership>();
    people.set(personId, own.set(roomKey(roomId), membership));
  }
  return people;
}
