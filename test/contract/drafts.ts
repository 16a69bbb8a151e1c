import { directKey, LOBBY, roomKey } from '../../src/chat/conversations/conversation.js';
import type { ChatEvent, Draft } from '../../src/chat/log/event.js';
import type { Appended, MessageStore } from '../../src/chat/log/message-store.js';
import type { Person } from '../../src/kernel/person.js';
import { newId } from './people.js';

export const ROOM = roomKey(LOBBY);

export function say(author: Person, text: string, but: Partial<Draft> = {}): Draft {
  return {
    conversation: ROOM,
    id: newId(),
    time: Date.now(),
    author,
    to: null,
    text,
    ref: null,
    ...but,
  };
}

export function whisper(author: Person, to: Person, text: string, but: Partial<Draft> = {}): Draft {
  return say(author, text, { conversation: directKey(author.id, to.id), to, ...but });
}

/** What a draft is once it is stored. */
export function stored({ ref: _ref, ...draft }: Draft, seq: number): ChatEvent {
  return { ...draft, seq };
}

export function many(author: Person, count: number, but: Partial<Draft> = {}): Draft[] {
  return Array.from({ length: count }, (_, index) => say(author, `message ${index + 1}`, but));
}

/** The number under which a draft stands; 0 for a conflict. */
export function seqOf(appended: Appended | undefined): number {
  return appended === undefined || appended.status === 'conflict' ? 0 : appended.receipt.seq;
}

export async function everything(store: MessageStore, conversation = ROOM): Promise<ChatEvent[]> {
  const all: ChatEvent[] = [];
  for await (const chunk of store.stream(conversation)) all.push(...chunk);
  return all;
}

export function oneTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
