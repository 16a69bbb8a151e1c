import { Inject, Injectable } from '@nestjs/common';
import type { ConversationKey } from '../chat/conversations/key.js';
import { IN_THE_LOBBY, LOBBY_ROOM } from '../chat/conversations/lobby.js';
import { firstVisible, type Membership, type Room } from '../chat/conversations/room.js';
import { RoomStore } from '../chat/conversations/room-store.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { Person } from '../kernel/person.js';

/** What of a room somebody may find. */
export interface ReadableRoom {
  /** The name that it has now. */
  readonly name: string;
  /** The first number that the person may read. */
  readonly from: number;
}

/**
 * Where a person may look for something, as far as it narrows a search: the rooms that one is in now.
 * Private conversations are one's own by their key. Each message that is found passes the gate besides.
 */
@Injectable()
export class ReadableRooms {
  constructor(
    private readonly store: RoomStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async of(person: Person): Promise<ReadonlyMap<ConversationKey, ReadableRoom>> {
    const places = await this.store.roomsOf([person.id]);
    const rooms = await this.store.byIds(places.map(({ roomId }) => roomId));
    const readable = this.settings.lobby ? readableRoom(LOBBY_ROOM, IN_THE_LOBBY) : [];
    for (const { roomId, membership } of places) {
      const room = rooms.get(roomId);
      if (room !== undefined) readable.push(...readableRoom(room, membership));
    }
    return new Map(readable);
  }
}

/** An entry for a room that the person is in; none for one that the person has left. */
export function readableRoom(
  room: Room,
  membership: Membership,
): (readonly [ConversationKey, ReadableRoom])[] {
  if (membership.left !== null) return [];
  return [[room.key, { name: room.name, from: firstVisible(room, membership) }]];
}
