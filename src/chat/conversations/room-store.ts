import type { Person } from '../../kernel/person.js';
import type { ConversationKey } from './key.js';
import type { Membership, Role, Room } from './room.js';
import type { Level, RoomChange, RoomName } from './room-change.js';

/** Somebody who is in a room now. */
export interface Member {
  readonly person: Person;
  readonly role: Role;
  /** When the person joined last (ms since the epoch). */
  readonly since: number;
}

/** One of a person's rooms. */
export interface PersonsRoom {
  readonly personId: string;
  readonly roomId: string;
  readonly membership: Membership;
}

/** A room as it was right after one number of its log. */
export interface RoomSnapshot {
  readonly room: Room;
  /** That number; 0 where nothing was stored in it. */
  readonly head: number;
}

export interface Invitation {
  readonly room: Room;
  readonly by: Person;
  readonly time: number;
}

export interface Ban {
  readonly person: Person;
  readonly by: Person;
  readonly reason: string | null;
  readonly until: number | null;
  readonly time: number;
}

export interface RoomLink {
  readonly roomId: string;
  readonly usesLeft: number | null;
  readonly expiresAt: number | null;
}

/** What a person set for one room. */
export interface MemberSettings {
  readonly level: Level;
  readonly mutedUntil: number | null;
}

/**
 * Rooms, and who is in them. The lobby is none of these: everybody is in it, without rows.
 *
 * Whatever an event brings about is written by the append that stores the event ({@link RoomChange});
 * `change` writes what comes without one. Reads see every append and change that has resolved.
 */
export abstract class RoomStore {
  /**
   * Carries the changes out, or none of them. Whoever comes is in the room from the number after the
   * head of its log on, and whoever goes was in it up to the head.
   * @returns false where the state is not that which the changes expect; nothing is changed then
   */
  abstract change(changes: readonly RoomChange[]): Promise<boolean>;

  /** @param ids at most 1,000 */
  abstract byIds(ids: readonly string[]): Promise<ReadonlyMap<string, Room>>;

  /**
   * The same, with the number of the log up to which each of them has come.
   * @param ids at most 1,000
   */
  abstract snapshots(ids: readonly string[]): Promise<readonly RoomSnapshot[]>;

  /**
   * The room of that name, or that had it before, as long as the alias lasts.
   * @param canonical the name as compared
   */
  abstract byName(canonical: string, now: number): Promise<Room | null>;

  /**
   * The id of the room that has this name, or one that looks like it, or had it before, as long as
   * the alias lasts; null: the name is free.
   */
  abstract nameHolder(name: RoomName, now: number): Promise<string | null>;

  /** The room that a person made under that ref. */
  abstract byRef(personId: string, ref: string): Promise<Room | null>;

  /** How many rooms a person made at `since` or later. */
  abstract countMade(personId: string, since: number): Promise<number>;

  /** Also of whoever has gone; null for whoever never was in it. */
  abstract membership(roomId: string, personId: string): Promise<Membership | null>;

  /** Those of these people who are in a room now. @param personIds at most 500 */
  abstract membersAmong(roomId: string, personIds: readonly string[]): Promise<ReadonlySet<string>>;

  /** The rooms that these people are in now. @param personIds at most 500 */
  abstract roomsOf(personIds: readonly string[]): Promise<readonly PersonsRoom[]>;

  abstract countRoomsOf(personId: string): Promise<number>;

  /** Whether rows were changed here since the start, of which no event need have told. */
  abstract readonly wasChanged: boolean;

  /** Whether any room was ever made. */
  abstract hasRooms(): Promise<boolean>;

  /**
   * For each of these people a number that rises whenever they come into a room or go from one; 0
   * for whoever never did.
   * @param personIds at most 500
   */
  abstract versionsOf(personIds: readonly string[]): Promise<ReadonlyMap<string, number>>;

  /**
   * Who is in a room, ordered by id.
   * @param limit 1 to 1,000
   * @param after only those whose id is above
   * @param role only those who have it
   */
  abstract members(
    roomId: string,
    limit: number,
    after?: string,
    role?: Role,
  ): Promise<readonly Member[]>;

  /** Whoever of a room's members has the highest role and has been in it longest, but for one. */
  abstract successor(roomId: string, except: string): Promise<Member | null>;

  /**
   * Rooms that everybody may find, not archived, ordered by their compared names.
   * @param q what a name, or title, contains, as compared; empty: all
   * @param after only those whose compared name is above
   */
  abstract directory(
    q: string,
    limit: number,
    after?: string,
  ): Promise<readonly (Room & { readonly canonical: string })[]>;

  /** @returns null where the person is not banned now */
  abstract ban(roomId: string, personId: string, now: number): Promise<Ban | null>;

  /** Ordered by the banned one's id. */
  abstract bans(
    roomId: string,
    now: number,
    limit: number,
    after?: string,
  ): Promise<readonly Ban[]>;

  abstract countBans(roomId: string, now: number): Promise<number>;

  /** Who invited the person; null where the person is not invited. */
  abstract inviter(roomId: string, personId: string): Promise<Person | null>;

  /** A person's open invitations, ordered by room id. */
  abstract invitations(
    personId: string,
    limit: number,
    after?: string,
  ): Promise<readonly Invitation[]>;

  abstract countInvitations(roomId: string): Promise<number>;

  /** @param link a digest of the code. @returns null where it cannot be used now */
  abstract link(link: string, now: number): Promise<RoomLink | null>;

  abstract countLinks(roomId: string, now: number): Promise<number>;

  abstract settings(roomId: string, personId: string): Promise<MemberSettings | null>;

  /**
   * People whose accounts went at `since` or later, and who are still in some room.
   * @param limit 1 to 500
   */
  abstract goneMembers(since: number, limit: number): Promise<readonly Person[]>;

  /** The rooms in which a person is the only owner. */
  abstract ownedAlone(personId: string): Promise<readonly ConversationKey[]>;
}
