import type { Frame } from '../support/ws-client.js';

/** The room, or two people: named the same for both of them. */
export type Conversation = string;

export const LOBBY = 'lobby';

export function conversationOf(one: string, other: string): Conversation {
  return [one, other].sort().join('~');
}

/** @param name as frames to that person have it: a room, or `@` and a person */
export function conversationIn(name: string, person: string): Conversation {
  return name.startsWith('@') ? conversationOf(person, name.slice(1)) : name;
}

/** Where something was said, as frames to that person name it. */
export function nameIn({ user, to, room }: Frame, person: string): string {
  if (to === undefined) return room ?? LOBBY;
  const author = user?.username ?? '';
  return `@${author === person ? to : author}`;
}

/** Letters of one to four bytes, so that a cut falls into the middle of them, too. */
const FILLERS = ['hello', '你好，世界'.repeat(8), '👋🏽 '.repeat(12), 'lorem ipsum '.repeat(20)];

/**
 * The text tells which message it is, and how often it was edited: whoever reads it can say what it must
 * be.
 */
export function textOf(ref: string, edits = 0): string {
  const filler = FILLERS[ref.charCodeAt(ref.length - 1) % FILLERS.length] ?? '';
  return `${ref}${edits === 0 ? '' : `~${edits}`} ${filler}`;
}

/** Which message a text is, and after how many edits. */
export interface Said {
  readonly ref: string;
  readonly edits: number;
}

/** @returns null where nobody can have sent that text */
export function saidIn(text: unknown): Said | null {
  if (typeof text !== 'string') return null;
  const [ref = '', edits = '0'] = text.slice(0, text.indexOf(' ')).split('~');
  return textOf(ref, Number(edits)) === text ? { ref, edits: Number(edits) } : null;
}
