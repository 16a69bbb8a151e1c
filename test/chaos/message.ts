/** The room, or two people: named the same for both of them. */
export type Conversation = string;

export const LOBBY = 'lobby';

export function conversationOf(one: string, other: string): Conversation {
  return [one, other].sort().join('~');
}

/** Letters of one to four bytes, so that a cut falls into the middle of them, too. */
const FILLERS = ['hello', '你好，世界'.repeat(8), '👋🏽 '.repeat(12), 'lorem ipsum '.repeat(20)];

/** The text tells which message it is: whoever reads it can say what it must be. */
export function textOf(ref: string): string {
  const filler = FILLERS[ref.charCodeAt(ref.length - 1) % FILLERS.length] ?? '';
  return `${ref} ${filler}`;
}

/** @returns null where nobody can have sent that text */
export function refOf(text: unknown): string | null {
  if (typeof text !== 'string') return null;
  const ref = text.slice(0, text.indexOf(' '));
  return textOf(ref) === text ? ref : null;
}
