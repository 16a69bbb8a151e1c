import { Inject, Injectable } from '@nestjs/common';
import { readUsername } from '../../auth/names/username.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import type { Person } from '../../kernel/person.js';
import { IN_THE_LOBBY, LOBBY, LOBBY_ROOM } from './lobby.js';
import type { Membership, Room } from './room.js';
import { RoomBook } from './room-book.js';
import { RoomStore } from './room-store.js';

/** Code points of the longest name that a room may have. */
export const LONGEST_ROOM_NAME = 64;

/** A room, and somebody's place in it: null for whoever never was in it. */
export interface RoomAndPlace {
  readonly room: Room;
  readonly membership: Membership | null;
}

/** Finds rooms by the names that clients give them: in any case and width, and their former ones. */
@Injectable()
export class RoomFinder {
  constructor(
    private readonly book: RoomBook,
    private readonly store: RoomStore,
    private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** A room that the person is in, where this node knows the person: without asking the store. */
  ownByName(me: Person, name: string): Room | null {
    const room = this.book.named(name);
    return room !== null && this.book.membership(me.id, room.key) !== null ? room : null;
  }

  /** Any room of that name. */
  async byName(me: Person, name: string): Promise<RoomAndPlace | null> {
    const own = this.ownByName(me, name);
    if (own === null) return this.stored(me, name);
    return { room: own, membership: this.book.membership(me.id, own.key) };
  }

  /**
   * The same, as the store has it at this moment. Asks for the room and for the place in it, in this
   * order, whether there is such a room or not: so its answer takes the same time.
   */
  async stored(me: Person, name: string): Promise<RoomAndPlace | null> {
    const canonical = readUsername(name, LONGEST_ROOM_NAME)?.canonical ?? '';
    if (canonical === LOBBY) return this.lobby();
    const room = await this.store.byName(canonical, this.clock.now());
    const membership = await this.store.membership(room?.id ?? '', me.id);
    return room === null ? null : { room, membership };
  }

  private lobby(): RoomAndPlace | null {
    return this.settings.lobby ? { room: LOBBY_ROOM, membership: IN_THE_LOBBY } : null;
  }
}
