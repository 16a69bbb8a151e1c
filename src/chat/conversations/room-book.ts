import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { ConversationKey } from './key.js';
import { IN_THE_LOBBY, LOBBY, LOBBY_KEY, LOBBY_ROOM } from './lobby.js';
import { PackedPlaces } from './packed-places.js';
import type { Membership, Room } from './room.js';

/**
 * What this node knows of rooms: those that the people connected to it are in, and their places
 * there. It follows the rooms' logs, so that delivery and the way of a message never wait for the
 * store; whoever is not connected here is not in it.
 */
@Injectable()
export class RoomBook {
  private readonly rooms = new Map<ConversationKey, Room>();
  /** Up to which number of its log the number of a room's members goes; none: from the first one on. */
  private readonly counted = new Map<ConversationKey, number>();
  /** By the names that they have, and had while they were known here. */
  private readonly byName = new Map<string, ConversationKey>();
  private readonly names = new Map<ConversationKey, Set<string>>();
  private readonly people = new Map<string, PackedPlaces>();

  constructor(@Inject(SETTINGS) settings: Settings) {
    if (settings.lobby) this.learn(LOBBY_ROOM);
  }

  /** How many rooms and people are known. */
  get size(): { readonly rooms: number; readonly people: number } {
    return { rooms: this.rooms.size, people: this.people.size };
  }

  /** Whether the rooms of that person are known here. */
  knows(personId: string): boolean {
    return this.people.has(personId);
  }

  /** @returns null where nobody here is in it */
  room(key: ConversationKey): Room | null {
    return this.rooms.get(key) ?? null;
  }

  /** The name of a room that somebody here is in, or was a moment ago. */
  nameOf(key: ConversationKey): string {
    return this.rooms.get(key)?.name ?? '';
  }

  /** The room of that name, as displayed, or a name that it had while it was known here. */
  named(name: string): Room | null {
    const key = this.byName.get(name);
    return key === undefined ? null : this.room(key);
  }

  /** @returns null for whoever is not in it, or not connected here */
  membership(personId: string, key: ConversationKey): Membership | null {
    if (key === LOBBY_KEY) return this.rooms.has(LOBBY_KEY) ? IN_THE_LOBBY : null;
    return this.people.get(personId)?.get(key) ?? null;
  }

  /** All rooms of a person who is connected here, the lobby first. */
  roomsOf(personId: string): readonly ConversationKey[] {
    const own = this.people.get(personId)?.keys ?? [];
    return this.rooms.has(LOBBY_KEY) ? [LOBBY_KEY, ...own] : [...own];
  }

  /** Whether a move at that number of a room's log is among its members already. */
  hasCounted(key: ConversationKey, seq: number): boolean {
    return seq <= (this.counted.get(key) ?? 0);
  }

  /**
   * Takes a room in, or what has become of it.
   * @param counted up to which number its members are counted, where they were
   */
  learn(room: Room, counted: number | null = null): void {
    if (counted !== null) this.counted.set(room.key, counted);
    this.rooms.set(room.key, room);
    this.byName.set(room.name, room.key);
    const names = this.names.get(room.key) ?? new Set();
    this.names.set(room.key, names.add(room.name));
  }

  /** Nobody here is in the room any more. */
  forget(key: ConversationKey): void {
    if (key === LOBBY_KEY || !this.rooms.delete(key)) return;
    for (const name of this.names.get(key) ?? []) {
      if (this.byName.get(name) === key) this.byName.delete(name);
    }
    this.names.delete(key);
    this.counted.delete(key);
  }

  /** These are all rooms of the person. */
  settle(personId: string, memberships: ReadonlyMap<ConversationKey, Membership>): void {
    const own = Array.from(memberships, ([key, one]) => [this.sameFor(key), one] as const);
    this.people.set(personId, PackedPlaces.of(own));
  }

  /** The person's last connection is gone. */
  leaveOut(personId: string): void {
    this.people.delete(personId);
  }

  /** A person who is connected here has come into a room, or has another role there. */
  enter(personId: string, key: ConversationKey, membership: Membership): void {
    const own = this.people.get(personId);
    if (own === undefined) return;
    this.people.set(personId, own.with(this.sameFor(key), membership));
  }

  exit(personId: string, key: ConversationKey): void {
    const own = this.people.get(personId);
    if (own !== undefined) this.people.set(personId, own.without(key));
  }

  /** The room's own key: one string for all who are in it. */
  private sameFor(key: ConversationKey): ConversationKey {
    return this.rooms.get(key)?.key ?? key;
  }

  /** Whether this is the name of the lobby, there or not: no other room can have it. */
  static isLobby(name: string): boolean {
    return name === LOBBY;
  }
}
