import { type Conversation, partnerOf } from '@parley/client';
import { texts } from '../language/language.js';
import type { Chat } from './chat.js';
import { isRoom } from './rooms.js';

/** What a conversation is called for people. */
export function placeName(chat: Chat, conversation: Conversation): string {
  const partner = partnerOf(conversation);
  if (partner !== null) return partner;
  return isRoom(conversation) ? chat.rooms.titleOf(conversation) : texts.value.lobby;
}
