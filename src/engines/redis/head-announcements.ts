import type { ConversationKey } from '../../chat/conversations/key.js';
import type { Topic } from '../../chat/conversations/key.js';

/** Topics tracked at a time. */
const MOST_TOPICS = 20_000;

type Heads = Map<ConversationKey, number>;

/**
 * Heads of topics that have just fallen silent. The next publication reveals a lost one; after the
 * last, its head must be announced.
 */
export class HeadAnnouncements {
  private recent = new Map<Topic, Heads>();
  private before = new Map<Topic, Heads>();

  note(topic: Topic, conversation: ConversationKey, seq: number): void {
    let heads = this.recent.get(topic);
    if (heads === undefined) {
      if (this.recent.size >= MOST_TOPICS) return;
      heads = new Map();
      this.recent.set(topic, heads);
    }
    if ((heads.get(conversation) ?? 0) < seq) heads.set(conversation, seq);
  }

  /** Heads noted before the last call, and not since. */
  turn(): readonly (readonly [Topic, ReadonlyMap<ConversationKey, number>])[] {
    const quiet = [...this.before].filter(([topic]) => !this.recent.has(topic));
    this.before = this.recent;
    this.recent = new Map();
    return quiet;
  }
}
