import type { ConversationKey } from '../../chat/conversations/key.js';
import type { Topic } from '../../chat/conversations/key.js';

/** Topics that are kept in mind at a time. */
const MOST_TOPICS = 20_000;

type Heads = Map<ConversationKey, number>;

/**
 * How far the topics had come that have just fallen silent. A lost publication shows itself by the
 * next one; behind the last one somebody must say that it was there.
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

  /** Those that were noted before the last turn, and not since. */
  turn(): readonly (readonly [Topic, ReadonlyMap<ConversationKey, number>])[] {
    const quiet = [...this.before].filter(([topic]) => !this.recent.has(topic));
    this.before = this.recent;
    this.recent = new Map();
    return quiet;
  }
}
