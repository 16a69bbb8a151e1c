import { Inject, Injectable } from '@nestjs/common';
import { UserDirectory } from '../../auth/accounts/user-directory.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import { Access, refuseUnless } from '../conversations/access.js';
import { directKey } from '../conversations/key.js';
import { LOBBY } from '../conversations/lobby.js';
import { principalOf } from '../conversations/principal.js';
import { firstVisible, type Membership, type Room } from '../conversations/room.js';
import { type RoomAndPlace, RoomFinder } from '../conversations/room-finder.js';
import { MessageBus } from '../log/message-bus.js';
import type { ConversationRef } from './chat.service.js';

/** A conversation that somebody may read, and its name. */
export type FoundConversation = ConversationRef;

/** What of a conversation somebody may read: all of it, or from where and up to where one was in it. */
export interface ReadableConversation extends FoundConversation {
  /** The first number that the person may read. */
  readonly from: number;
  /** The last one: where the person went; null: there is none. */
  readonly until: number | null;
  /** The number at which the person joined last. */
  readonly joined: number;
}

/** All of it, as in private. */
export const IN_PRIVATE = { from: 1, until: null, joined: 0 } as const;

/** A room that somebody is in. */
export interface FoundRoom extends FoundConversation {
  readonly other: null;
  readonly room: Room;
  readonly membership: Membership;
}

/**
 * Finds the conversations that a client names, where they are the person's to read.
 *
 * Every call rejects with a Refusal: `not-a-member` for each room but those that the person is in,
 * whether there is such a room or not; `unknown-recipient` and `self-recipient` for private ones.
 */
@Injectable()
export class ConversationFinder {
  constructor(
    private readonly users: UserDirectory,
    private readonly rooms: RoomFinder,
    private readonly access: Access,
    private readonly bus: MessageBus,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * The room that a frame means.
   * @throws Refusal `invalid-field` where it names none, and there is no lobby
   */
  nameOfRoom(given: string | null | undefined): string {
    if (given !== undefined && given !== null) return given;
    if (!this.settings.lobby) throw new Refusal('invalid-field', { field: 'room' });
    return LOBBY;
  }

  /** A room that the person is in, where this node knows it: without waiting. */
  ownRoom(me: Person, name: string): ConversationRef | null {
    const room = this.rooms.ownByName(me, name);
    return room === null ? null : { conversation: room.key, other: null, name: room.name };
  }

  /** @param name a room's, or `@` and a person's */
  byName(me: Person, name: string): Promise<FoundConversation> {
    return name.startsWith('@') ? this.direct(me, name.slice(1)) : this.room(me, name);
  }

  /**
   * Also a room that the person was in before.
   * @param name a room's, or `@` and a person's
   */
  async readable(me: Person, name: string): Promise<ReadableConversation> {
    if (name.startsWith('@')) return { ...(await this.direct(me, name.slice(1))), ...IN_PRIVATE };
    return this.asReadable(me, await this.rooms.byName(me, name));
  }

  /** The same, by the place in the room that the store has at this moment. */
  async readableByNow(me: Person, name: string): Promise<ReadableConversation> {
    return this.asReadable(me, await this.rooms.stored(me, name));
  }

  /** @param field the field of the request that named the room; null: its path did */
  async room(me: Person, room: string, field: string | null = 'room'): Promise<FoundRoom> {
    return this.inRoom(me, await this.rooms.byName(me, room), field);
  }

  /**
   * The same for whoever reads what the store has of it, which this node may not have heard of yet:
   * nor that the person has gone.
   */
  async roomToRead(me: Person, room: string, field: string | null = 'room'): Promise<FoundRoom> {
    if (this.bus.isLossless) return this.room(me, room, field);
    return this.inRoom(me, await this.rooms.stored(me, room), field);
  }

  /** @param field the field of the request that named the person */
  async direct(me: Person, username: string, field = 'to'): Promise<FoundConversation> {
    const other = await this.users.findPartner(username);
    if (other === null) throw new Refusal('unknown-recipient', { field });
    if (other.id === me.id) throw new Refusal('self-recipient', { field });
    const conversation = directKey(me.id, other.id);
    await this.access.require(principalOf(me), conversation, 'read', field);
    return { conversation, other, name: `@${other.username}` };
  }

  private asReadable(me: Person, found: RoomAndPlace | null): ReadableConversation {
    const { room = null, membership = null } = found ?? {};
    if (room === null || membership === null) {
      throw new Refusal('not-a-member', { field: 'room' });
    }
    const isIn = membership.left === null;
    const decision = this.access.decideAs(principalOf(me), room, membership, 'read');
    if (isIn) refuseUnless(decision, 'room');
    const { joined, left: until } = membership;
    const from = firstVisible(room, membership);
    return { conversation: room.key, other: null, name: room.name, from, until, joined };
  }

  private inRoom(me: Person, found: RoomAndPlace | null, field: string | null): FoundRoom {
    const { room = null, membership = null } = found ?? {};
    refuseUnless(
      this.access.decideAs(principalOf(me), room, membership, 'read'),
      field ?? undefined,
    );
    if (room === null || membership === null) throw new Refusal('not-a-member');
    return { conversation: room.key, other: null, name: room.name, room, membership };
  }
}
