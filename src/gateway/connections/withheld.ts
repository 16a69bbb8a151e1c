import type { ConversationKey } from '../../chat/conversations/key.js';

/** Private conversations that may say something to somebody who is just arriving. */
export const MOST_WITHHELD = 1_000;

/**
 * What was said in private to a connection before it was brought what it missed: told at once, it
 * would come before older messages, or twice. Only where it begins is kept; the log has the rest.
 */
export class Withheld {
  private readonly from = new Map<ConversationKey, number>();

  /** @returns false where that is more than can be kept; then nothing of it is */
  note(conversation: ConversationKey, seq: number): boolean {
    if (this.from.has(conversation)) return true;
    if (this.from.size >= MOST_WITHHELD) return false;
    this.from.set(conversation, seq);
    return true;
  }

  /** A conversation, and the number in it that is to be told first; null where there is none. */
  first(): readonly [ConversationKey, number] | null {
    for (const entry of this.from) return entry;
    return null;
  }

  /** It is being told. */
  forget(conversation: ConversationKey): void {
    this.from.delete(conversation);
  }
}
