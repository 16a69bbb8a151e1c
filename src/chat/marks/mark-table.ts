import type { ConversationKey } from '../conversations/key.js';
import type { ReadMark } from './mark-store.js';

/**
 * Read marks by person and conversation. In two levels: a key joined of both would have to be made,
 * and hashed, with every message.
 */
export class MarkTable {
  private readonly people = new Map<string, Map<ConversationKey, ReadMark>>();

  get isEmpty(): boolean {
    return this.people.size === 0;
  }

  get(personId: string, conversation: ConversationKey): ReadMark | undefined {
    return this.people.get(personId)?.get(conversation);
  }

  /** Keeps the mark unless one is known that stands further. */
  advance(mark: ReadMark): void {
    const { personId, conversation, seq } = mark;
    let own = this.people.get(personId);
    if (own === undefined) {
      own = new Map();
      this.people.set(personId, own);
    }
    const known = own.get(conversation);
    if (known === undefined || known.seq < seq) own.set(conversation, mark);
  }

  delete(personId: string, conversation: ConversationKey): void {
    const own = this.people.get(personId);
    own?.delete(conversation);
    if (own?.size === 0) this.people.delete(personId);
  }

  *all(): Generator<ReadMark> {
    for (const own of this.people.values()) yield* own.values();
  }
}
