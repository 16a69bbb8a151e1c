import { type ClientFrame, FrameType, type Person, type TypingFrame } from '@parley/protocol';
import { extraFields, type MessageExtras } from './message-extras.js';

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

/** Where a conversation's calls are, below the address of the service. */
export function pathOf(conversation: Conversation): string {
  const partner = partnerOf(conversation);
  return partner === null
    ? `/rooms/${encodeURIComponent(conversation)}`
    : `/direct/${encodeURIComponent(partner)}`;
}

/** Where an entry of a log stands. */
export type EntryPlace = { readonly room: string } | { readonly user: Person; readonly to: string };

/** @param selfName who is looking: an author's own devices get their private messages, too */
export function conversationOf(frame: EntryPlace, selfName: string): Conversation {
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

export function messageTo(
  conversation: Conversation,
  { text, ref, extras = {} }: { text: string; ref: string; extras?: MessageExtras },
): ClientFrame {
  const to = partnerOf(conversation);
  const said = { data: text, ref, ...extraFields(extras) };
  return to === null
    ? { type: FrameType.GroupChat, room: conversation, ...said }
    : { type: FrameType.SingleChat, to, ...said };
}
