import { Injectable } from '@nestjs/common';
import { type ConversationKey, parseKey } from '../../chat/conversations/key.js';
import { RoomBook } from '../../chat/conversations/room-book.js';
import { RoomStore } from '../../chat/conversations/room-store.js';
import { LiveFeed } from '../../chat/feed/live-feed.js';
import { GatheredQuery } from '../../kernel/gathered-query.js';
import { Scheduler } from '../../kernel/scheduler.js';
import type { Connection } from '../connections/connection.js';
import type { SharedBytes } from '../wire/queued-frame.js';
import { Backpressure } from './backpressure.js';
import { RecentMemory } from './recent-memory.js';
import { RoomChannel } from './room-channel.js';
import type { RoomsWatch } from './rooms-watch.js';

/** Rooms per query. */
const MOST_AT_ONCE = 500;

/** A room that is followed, and on whose account. */
interface Kept {
  readonly channel: RoomChannel;
  /** How many want it: people who are in it, and whoever is about to enter. */
  keepers: number;
  opening: Promise<void> | null;
  /** What it is called, or who is in it, was changed while it was being opened. */
  isChanged: boolean;
}

/**
 * The channels of the rooms that this node follows: those in which somebody is who is connected here,
 * or just about to be. Rooms that are opened in one turn share their queries.
 */
@Injectable()
export class RoomChannels {
  private readonly rooms = new Map<ConversationKey, Kept>();
  private readonly memory = new RecentMemory();
  private readonly watches: RoomsWatch[] = [];
  private readonly opened: GatheredQuery<ConversationKey, undefined>;

  constructor(
    private readonly feed: LiveFeed,
    private readonly book: RoomBook,
    private readonly store: RoomStore,
    private readonly backpressure: Backpressure,
    scheduler: Scheduler,
  ) {
    this.opened = new GatheredQuery(scheduler, MOST_AT_ONCE, async (keys) => {
      await this.openAll(keys);
      return () => undefined;
    });
  }

  /** How many rooms this node follows. */
  get size(): number {
    return this.rooms.size;
  }

  get(key: ConversationKey): RoomChannel | undefined {
    return this.rooms.get(key)?.channel;
  }

  /** Whether people can join the room at once. */
  isOpen(key: ConversationKey): boolean {
    return this.rooms.get(key)?.channel.isOpen === true;
  }

  /** Connections of this node that are in the room. */
  sizeOf(key: ConversationKey): number {
    return this.get(key)?.size ?? 0;
  }

  /**
   * The heads of those of these rooms that are open, by the room's name.
   * @param least up to where somebody is told nothing, whether it has come live or not
   */
  heads(
    rooms: Iterable<ConversationKey>,
    least: (key: ConversationKey) => number = () => 0,
  ): Record<string, number> {
    const heads: Record<string, number> = {};
    for (const key of rooms) {
      const channel = this.get(key);
      if (channel?.isOpen === true) heads[channel.name] = Math.max(channel.head, least(key));
    }
    return heads;
  }

  /** Tells of the rooms that are followed already, and of all that come. */
  watch(watch: RoomsWatch): void {
    this.watches.push(watch);
    for (const key of this.rooms.keys()) watch.openRoom(key);
  }

  /**
   * Follows a room until {@link letGo} was called as often. Resolves when it is open.
   * @throws Refusal where the store cannot answer, by rejection; then nothing needs to be let go
   */
  async keep(key: ConversationKey): Promise<void> {
    const kept = this.rooms.get(key) ?? this.follow(key);
    kept.keepers++;
    if (kept.opening !== null) await kept.opening;
  }

  /** The same for a room that is open, at once. */
  keepOpen(key: ConversationKey): void {
    const kept = this.rooms.get(key);
    if (kept?.channel.isOpen !== true) throw new Error('the room is not open');
    kept.keepers++;
  }

  /** One of those who wanted the room does so no longer: the last one closes it. */
  letGo(key: ConversationKey): void {
    const kept = this.rooms.get(key);
    if (kept === undefined) return;
    kept.keepers--;
    if (kept.keepers === 0 && kept.opening === null) this.close(key);
  }

  /** Something that is read of a room has changed. @returns whether the room is still being opened */
  noteChange(key: ConversationKey): boolean {
    const kept = this.rooms.get(key);
    if (kept === undefined || kept.channel.isOpen) return false;
    kept.isChanged = true;
    return true;
  }

  private follow(key: ConversationKey): Kept {
    const called = (): string => this.book.nameOf(key);
    const channel = new RoomChannel(key, called, this.writeNow, this.memory);
    // First, so that nothing that comes during the queries is missed.
    const kept: Kept = { channel, keepers: 0, opening: null, isChanged: false };
    this.rooms.set(key, kept);
    for (const watch of this.watches) watch.openRoom(key);
    kept.opening = this.opened.ask(key).finally(() => {
      kept.opening = null;
      // Whoever wanted it did so no longer before it was open.
      if (kept.keepers === 0) this.close(key);
    });
    return kept;
  }

  private close(key: ConversationKey): void {
    this.drop(key);
    this.feed.closeRoom(key);
    this.book.forget(key);
  }

  private async openAll(keys: readonly ConversationKey[]): Promise<void> {
    try {
      const heads = await this.feed.openRooms(keys);
      await this.describe(keys);
      for (const key of keys) this.get(key)?.begin(heads.get(key) ?? 0);
    } catch (error) {
      for (const key of keys) {
        this.drop(key);
        this.feed.closeRoom(key);
      }
      throw error;
    }
  }

  /** After the heads were read; again where what comes live says that it has changed meanwhile. */
  private async describe(keys: readonly ConversationKey[]): Promise<void> {
    let unread = keys.filter((key) => this.book.room(key) === null);
    while (unread.length > 0) {
      for (const key of unread) this.setChanged(key, false);
      const found = await this.store.snapshots(unread.map(idOf));
      for (const { room, head } of found) this.book.learn(room, head);
      unread = keys.filter((key) => this.rooms.get(key)?.isChanged === true);
    }
  }

  private setChanged(key: ConversationKey, isChanged: boolean): void {
    const kept = this.rooms.get(key);
    if (kept !== undefined) kept.isChanged = isChanged;
  }

  private drop(key: ConversationKey): void {
    const kept = this.rooms.get(key);
    if (kept === undefined) return;
    this.rooms.delete(key);
    kept.channel.close();
    for (const watch of this.watches) watch.closeRoom(key);
  }

  private readonly writeNow = (member: Connection, bytes: SharedBytes): void => {
    this.backpressure.write(member, bytes);
  };
}

function idOf(key: ConversationKey): string {
  const parsed = parseKey(key);
  return parsed.kind === 'room' ? parsed.roomId : '';
}
