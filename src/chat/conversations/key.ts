declare const key: unique symbol;
declare const topic: unique symbol;

/**
 * Identifies a conversation inside the service: `room:<id>`, or `direct:<id>:<id>` with the two
 * people's ids in ascending order. No plain string is assignable: only this file, and the column
 * that stores keys, creates any.
 */
export type ConversationKey = string & { readonly [key]: true };

/** What a node follows on the bus: a room, or everything said in private to and by one person. */
export type Topic = string & { readonly [topic]: true };

/** What a key stands for. A direct conversation's people come in the order of the key. */
export type ConversationKind =
  | { readonly kind: 'room'; readonly roomId: string }
  | { readonly kind: 'direct'; readonly members: readonly [string, string] };

const KEY = /^(?:room:.{1,128}|direct:([^:]{1,128}):([^:]{1,128}))$/su;

export function roomKey(roomId: string): ConversationKey {
  return `room:${roomId}` as ConversationKey;
}

export function directKey(one: string, other: string): ConversationKey {
  return (one < other ? `direct:${one}:${other}` : `direct:${other}:${one}`) as ConversationKey;
}

/** Parses a key from elsewhere; null where it names no conversation. */
export function keyFrom(text: string): ConversationKey | null {
  const [found, one, other] = KEY.exec(text) ?? [];
  if (found === undefined) return null;
  const isInOrder = one === undefined || other === undefined || one < other;
  return isInOrder ? (text as ConversationKey) : null;
}

export function parseKey(conversation: ConversationKey): ConversationKind {
  if (conversation.startsWith('room:')) return { kind: 'room', roomId: conversation.slice(5) };
  const [, one, other] = conversation.split(':');
  if (!conversation.startsWith('direct:') || one === undefined || other === undefined) {
    throw new Error('not a conversation key');
  }
  return { kind: 'direct', members: [one, other] };
}

export function roomTopic(room: ConversationKey): Topic {
  return room as string as Topic;
}

export function personTopic(personId: string): Topic {
  return `person:${personId}` as Topic;
}

/**
 * The topics that a conversation's events are published under. A private one goes to both of its
 * people's: a node follows those who are connected to it, not every pair of them.
 */
export function topicsOf(conversation: ConversationKey): readonly Topic[] {
  const parsed = parseKey(conversation);
  return parsed.kind === 'room' ? [roomTopic(conversation)] : parsed.members.map(personTopic);
}
