import type { Person } from '../../kernel/person.js';

/** The room where everybody is. */
export const LOBBY = 'lobby';

/**
 * Names a conversation everywhere inside the service: `room:<name>`, or `direct:<id>:<id>` with
 * the ids of the two people in ascending order.
 */
export type ConversationKey = string;

export function roomKey(room: string): ConversationKey {
  return `room:${room}`;
}

export function directKey(one: string, other: string): ConversationKey {
  return one < other ? `direct:${one}:${other}` : `direct:${other}:${one}`;
}

export type ConversationKind =
  | { readonly kind: 'room'; readonly room: string }
  | { readonly kind: 'direct'; readonly members: readonly [string, string] };

const KEY = /^(?:room:.{1,128}|direct:([^:]{1,128}):([^:]{1,128}))$/su;

/** Whether a text from elsewhere names a conversation. */
export function isConversationKey(text: string): boolean {
  const [key, one, other] = KEY.exec(text) ?? [];
  return key !== undefined && (one === undefined || other === undefined || one < other);
}

/** What a key stands for. The ids of a direct conversation's people come in the key's order. */
export function parseKey(key: ConversationKey): ConversationKind {
  if (key.startsWith('room:')) return { kind: 'room', room: key.slice(5) };
  const [, one, other] = key.split(':');
  if (!key.startsWith('direct:') || one === undefined || other === undefined) {
    throw new Error('not a conversation key');
  }
  return { kind: 'direct', members: [one, other] };
}

/** Whether somebody may read and write there. */
export function isParticipant(key: ConversationKey, person: Person): boolean {
  const parsed = parseKey(key);
  return parsed.kind === 'room' ? parsed.room === LOBBY : parsed.members.includes(person.id);
}
