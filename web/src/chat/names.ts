import { type Conversation, directWith, LOBBY, partnerOf } from '@parley/client';
import { isSameName, type People } from '../people/people.js';
import type { Directs } from './directs.js';

/** The one spelling of each person's name, as far as it is known here. */
export class Names {
  constructor(
    private readonly self: string,
    private readonly people: People,
    private readonly directs: Directs,
  ) {}

  /** @returns the conversation as it is called here; the lobby for one with oneself */
  of(conversation: Conversation): Conversation {
    const partner = partnerOf(conversation);
    if (partner === null) return conversation;
    if (isSameName(partner, this.self)) return LOBBY;
    const owner = this.people.spelling(partner) ?? this.directs.spelling(partner) ?? partner;
    return directWith(owner);
  }
}
