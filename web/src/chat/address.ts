import { type Conversation, partnerOf } from '@parley/client';

/** Longer than any name that is percent-encoded. */
const MOST = 1_000;

/** The fragment that names a conversation: `#/lobby`, `#/@bob`. No server takes part in it. */
export function fragmentOf(conversation: Conversation): string {
  const partner = partnerOf(conversation);
  return partner === null
    ? `#/${encodeURIComponent(conversation)}`
    : `#/@${encodeURIComponent(partner)}`;
}

/** @returns null where the fragment names none */
export function conversationIn(fragment: string): Conversation | null {
  if (!fragment.startsWith('#/') || fragment.length > MOST) return null;
  const name = decoded(fragment.slice(2));
  return name === '' || name === '@' ? null : name;
}

/** A link may be cut anywhere, in the middle of an escape too. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
