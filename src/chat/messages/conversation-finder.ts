import { Injectable } from '@nestjs/common';
import { UserDirectory } from '../../auth/accounts/user-directory.js';
import type { Person } from '../../kernel/person.js';
import { Refusal } from '../../kernel/refusal.js';
import { Access } from '../conversations/access.js';
import { directKey, roomKey } from '../conversations/key.js';
import { principalOf } from '../conversations/principal.js';
import type { ConversationRef } from './chat.service.js';

/** A conversation that somebody may read, and its name. */
export interface FoundConversation extends ConversationRef {
  /** As the service writes it, however the client did: a room's, or `@` and the other person's. */
  readonly name: string;
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
    private readonly access: Access,
  ) {}

  /** @param name a room's, or `@` and a person's */
  byName(me: Person, name: string): Promise<FoundConversation> {
    return name.startsWith('@') ? this.direct(me, name.slice(1)) : this.room(me, name);
  }

  /** @param field the field of the request that named the room; null: its path did */
  async room(me: Person, room: string, field: string | null = 'room'): Promise<FoundConversation> {
    const conversation = roomKey(room);
    await this.access.require(principalOf(me), conversation, 'read', field ?? undefined);
    return { conversation, other: null, name: room };
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
}
