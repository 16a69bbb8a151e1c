import type { ConversationKey } from '../chat/conversations/key.js';
import { firstVisible } from '../chat/conversations/room.js';
import type { FoundConversation, FoundRoom } from '../chat/messages/conversation-finder.js';

/** The part of a log that somebody may read. */
export interface ReadableLog {
  readonly conversation: ConversationKey;
  /** A room's name, or `@` and the other person's. */
  readonly name: string;
  /** The room's name; empty in private. */
  readonly room: string;
  /** The first number that the reader may see. */
  readonly from: number;
}

export function readableRoom({ conversation, name, room, membership }: FoundRoom): ReadableLog {
  return { conversation, name, room: name, from: Math.max(1, firstVisible(room, membership)) };
}

export function readableDirect({ conversation, name }: FoundConversation): ReadableLog {
  return { conversation, name, room: '', from: 1 };
}
