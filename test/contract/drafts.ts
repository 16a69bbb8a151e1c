import { directKey } from '../../src/chat/conversations/key.js';
import { LOBBY_KEY } from '../../src/chat/conversations/lobby.js';
import type { ChatEvent, Draft } from '../../src/chat/log/event.js';
import type { Appended, EventLog } from '../../src/chat/log/event-log.js';
import type { Person } from '../../src/kernel/person.js';
import { newId } from './people.js';

export const ROOM = LOBBY_KEY;

export function say(author: Person, text: string, but: Partial<Draft> = {}): Draft {
  return {
    conversation: ROOM,
    id: newId(),
    time: Date.now(),
    author,
    to: null,
    kind: 'message',
    target: null,
    body: text,
    counts: true,
    ref: null,
    ...but,
  };
}

export function whisper(author: Person, to: Person, text: string, but: Partial<Draft> = {}): Draft {
  return say(author, text, { conversation: directKey(author.id, to.id), to, ...but });
}

/** What a draft is once it is stored. @param n how many up to it count, where not all do */
export function stored(draft: Draft, seq: number, n = seq): ChatEvent {
  const { ref: _ref, counts: _counts, changes: _changes, ...event } = draft;
  return { ...event, seq, n };
}

export function many(author: Person, count: number, but: Partial<Draft> = {}): Draft[] {
  return Array.from({ length: count }, (_, index) => say(author, `message ${index + 1}`, but));
}

/** The number under which a draft stands; 0 where it is not stored. */
export function seqOf(appended: Appended | undefined): number {
  return appended !== undefined && 'receipt' in appended ? appended.receipt.seq : 0;
}

export async function everything(log: EventLog, conversation = ROOM): Promise<ChatEvent[]> {
  const all: ChatEvent[] = [];
  for await (const chunk of log.stream(conversation)) all.push(...chunk);
  return all;
}

export function oneTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
