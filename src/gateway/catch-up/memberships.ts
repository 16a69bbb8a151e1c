import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';
import type { Membership } from '../../chat/conversations/room.js';
import { RoomBook } from '../../chat/conversations/room-book.js';
import { LiveFeed } from '../../chat/feed/live-feed.js';
import {
  type Reading,
  type RoomsOfPerson,
  RoomsOfPeople,
} from '../../chat/rooms/rooms-of-people.js';
import { Refusal } from '../../kernel/refusal.js';
import { ConnectionRegistry, type PeopleWatch } from '../connections/connection-registry.js';
import { RoomChannels } from '../delivery/room-channels.js';
import { RoomArrivals } from './room-arrivals.js';

/** How often somebody's rooms are read again because they changed meanwhile. */
const MOST_READINGS = 10;

/**
 * The rooms of the people who are connected here, or just about to be: known and open before a
 * connection begins, so that it begins without waiting; let go with the person's last connection.
 */
@Injectable()
export class Memberships implements OnModuleInit, PeopleWatch {
  /** How many connections of a person are about to begin. */
  private readonly preparing = new Map<string, number>();
  private readonly loading = new Map<string, Promise<void>>();
  private readonly reloading = new Map<string, Promise<void>>();
  /** Of everybody who is known here: as of when. */
  private readonly versions = new Map<string, number>();

  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly feed: LiveFeed,
    private readonly channels: RoomChannels,
    private readonly book: RoomBook,
    private readonly rooms: RoomsOfPeople,
    private readonly arrivals: RoomArrivals,
  ) {}

  onModuleInit(): void {
    this.registry.watchPeople(this);
  }

  /**
   * The person's rooms are known and open from here on, until the returned function is called and
   * all of the person's connections are gone.
   * @throws Refusal where the store cannot answer, by rejection
   */
  async prepare(personId: string): Promise<() => void> {
    this.preparing.set(personId, (this.preparing.get(personId) ?? 0) + 1);
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      this.release(personId);
    };
    try {
      if (!this.book.knows(personId)) await this.load(personId);
      return release;
    } catch (error) {
      release();
      throw error;
    }
  }

  /**
   * Somebody is in the room by what the store says: resolves when this node knows it.
   * @throws Refusal as {@link prepare}
   */
  async catchUpOn(personId: string, key: ConversationKey): Promise<void> {
    if (this.book.membership(personId, key) === null) await this.reload(personId);
  }

  /** Somebody who is known here may have come into rooms, or gone, unheard of: asks the store. */
  reload(personId: string): Promise<void> {
    const known = this.reloading.get(personId);
    if (known !== undefined) {
      this.rooms.changed(personId);
      return known;
    }
    const reloading = this.compare(personId).finally(() => {
      this.reloading.delete(personId);
    });
    this.reloading.set(personId, reloading);
    return reloading;
  }

  /** The people who are known here, and as of when: see {@link RoomsOfPeople.versionOf}. */
  get known(): ReadonlyMap<string, number> {
    return this.versions;
  }

  follow(): void {
    // Whoever connects was prepared before.
  }

  unfollow(personId: string): void {
    if (!this.preparing.has(personId)) this.forget(personId);
  }

  private release(personId: string): void {
    const left = (this.preparing.get(personId) ?? 1) - 1;
    if (left > 0) {
      this.preparing.set(personId, left);
      return;
    }
    this.preparing.delete(personId);
    if (this.registry.ofPerson(personId).length === 0) this.forget(personId);
  }

  private forget(personId: string): void {
    if (!this.book.knows(personId)) return;
    const rooms = this.book.roomsOf(personId);
    this.book.leaveOut(personId);
    this.versions.delete(personId);
    for (const key of rooms) if (key !== LOBBY_KEY) this.channels.letGo(key);
  }

  private load(personId: string): Promise<void> {
    let loading = this.loading.get(personId);
    if (loading === undefined) {
      loading = this.loadNow(personId).finally(() => {
        this.loading.delete(personId);
      });
      this.loading.set(personId, loading);
    }
    return loading;
  }

  private loadNow(personId: string): Promise<void> {
    return this.readFresh(personId, async ({ memberships, version }, reading) => {
      const kept = await this.keepAll([...memberships.keys()]);
      await this.checkAgain(personId, version);
      if (reading.isStale) {
        for (const key of kept) this.channels.letGo(key);
        return;
      }
      this.book.settle(personId, only(kept, memberships));
      this.versions.set(personId, version);
    });
  }

  /**
   * Where the bus may be late, a room may have been opened behind a Part that nobody here has heard of: what
   * was read is stale where the person moved before the rooms were open.
   */
  private async checkAgain(personId: string, version: number): Promise<void> {
    if (!this.feed.mayLag) return;
    if ((await this.rooms.versionOf(personId)) !== version) this.rooms.changed(personId);
  }

  private compare(personId: string): Promise<void> {
    return this.readFresh(personId, async ({ memberships, version }) => {
      if (!this.book.knows(personId)) return;
      this.versions.set(personId, version);
      const known = this.book.roomsOf(personId).filter((key) => key !== LOBBY_KEY);
      const missing = [...memberships].filter(([key]) => !known.includes(key));
      const gone = known.filter((key) => !memberships.has(key));
      await Promise.all([
        ...missing.map(([key, { joined }]) => this.arrivals.bringIn(personId, key, joined)),
        ...gone.map((key) => this.arrivals.takeOut(personId, key)),
      ]);
    });
  }

  /** @param use called at once with what was read, and again where that was stale when it ended */
  private async readFresh(
    personId: string,
    use: (found: RoomsOfPerson, reading: Reading) => Promise<void>,
  ): Promise<void> {
    const reading = this.rooms.begin(personId);
    try {
      for (let count = 0; count < MOST_READINGS; count++) {
        const found = await this.rooms.read(personId, reading);
        if (reading.isStale) continue;
        await use(found, reading);
        if (isSettled(reading)) return;
      }
    } finally {
      this.rooms.end(personId, reading);
    }
    throw new Refusal('busy');
  }

  /** @returns those that exist. @throws Refusal as {@link prepare}; then none of them is kept */
  private async keepAll(keys: readonly ConversationKey[]): Promise<readonly ConversationKey[]> {
    if (keys.length === 0) return keys;
    const results = await Promise.allSettled(keys.map((key) => this.channels.keep(key)));
    const kept = keys.filter((_, at) => results[at]?.status === 'fulfilled');
    const failed = results.find((result) => result.status === 'rejected');
    const unwanted = failed === undefined ? kept.filter((key) => !this.exists(key)) : kept;
    for (const key of unwanted) this.channels.letGo(key);
    if (failed !== undefined) throw failed.reason;
    return unwanted.length === 0 ? kept : kept.filter((key) => !unwanted.includes(key));
  }

  private exists(key: ConversationKey): boolean {
    return this.book.room(key) !== null;
  }
}

/** It may have become stale meanwhile, which the compiler does not see. */
function isSettled({ isStale }: Reading): boolean {
  return !isStale;
}

function only(
  keys: readonly ConversationKey[],
  memberships: ReadonlyMap<ConversationKey, Membership>,
): ReadonlyMap<ConversationKey, Membership> {
  if (keys.length === memberships.size) return memberships;
  const kept = new Set(keys);
  return new Map([...memberships].filter(([key]) => kept.has(key)));
}
