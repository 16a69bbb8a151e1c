import { Injectable } from '@nestjs/common';
import type { Person } from '../../kernel/person.js';
import { Access } from '../conversations/access.js';
import { principalOf } from '../conversations/principal.js';
import { ChatService, type ConversationRef } from './chat.service.js';

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
    private readonly chat: ChatService,
    private readonly access: Access,
  ) {}

  /** @param name a room's, or `@` and a person's */
  byName(me: Person, name: string): Promise<FoundConversation> {
    return name.startsWith('@') ? this.direct(me, name.slice(1)) : this.room(me, name);
  }

  async room(me: Person, room: string): Promise<FoundConversation> {
    const ref = this.chat.room(room);
    await this.access.require(principalOf(me), ref.conversation, 'read', 'room');
    return { ...ref, name: room };
  }

  async direct(me: Person, username: string): Promise<FoundConversation> {
    const ref = await this.chat.directToRead(me, username);
    await this.access.require(principalOf(me), ref.conversation, 'read', 'to');
    return { ...ref, name: `@${ref.other.username}` };
  }
}
