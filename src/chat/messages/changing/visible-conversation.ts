import { firstVisible } from '../../conversations/room.js';
import type { ConversationRef } from '../chat.service.js';
import type { FoundConversation, FoundRoom } from '../conversation-finder.js';

/** A conversation, and from where on somebody sees it. */
export interface VisibleConversation extends ConversationRef {
  /** The first number that the person may see. */
  readonly from: number;
}

export function visibleOf(found: FoundConversation | FoundRoom): VisibleConversation {
  const { conversation, other, name } = found;
  const from = 'room' in found ? Math.max(1, firstVisible(found.room, found.membership)) : 1;
  return { conversation, other, name, from };
}
