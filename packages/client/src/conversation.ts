import { type ClientFrame, FrameType, type MessageFrame, type TypingFrame } from '@parley/protocol';
import type { UnknownEntry } from './read-frame.js';

/**
 * A conversation as one person, and Sync, name it: a room by its name, the private conversation
 * with somebody by `@` and their name.
 */
export type Conversation = string;

/** The room where everybody is. */
export const LOBBY: Conversation = 'lobby';

export function directWith(username: string): Conversation {
  return `@${username}`;
}

/** The other person's name, or null in a room. */
export function partnerOf(conversation: Conversation): string | null {
  return conversation.startsWith('@') ? conversation.slice(1) : null;
}

/** @param selfName who is looking: an author's own devices get their private messages, too */
export function conversationOf(frame: MessageFrame | UnknownEntry, selfName: string): Conversation {
  if ('room' in frame) return frame.room;
  return directWith(frame.user.username === selfName ? frame.to : frame.user.username);
}

export function typedIn(frame: TypingFrame): Conversation {
  return 'room' in frame ? frame.room : directWith(frame.to);
}

export function typingIn(conversation: Conversation, isTyping: boolean): ClientFrame {
  const to = partnerOf(conversation);
  const place = to === null ? { room: conversation } : { to };
  return { type: FrameType.Typing, ...place, ...(isTyping ? {} : { data: false }) };
}

export function messageTo(conversation: Conversation, text: string, ref: string): ClientFrame {
  const to = partnerOf(conversation);
  return to === null
    ? { type: FrameType.GroupChat, room: conversation, data: text, ref }
    : { type: FrameType.SingleChat, to, data: text, ref };
}
