import type { Conversation } from './conversation.js';

/**
 * A numbered message compared to a position: the `next` one; the `first` of an unknown
 * conversation; a `duplicate`; or one after a `gap`.
 */
export type Verdict = 'next' | 'first' | 'duplicate' | 'gap';

/**
 * Up to where each conversation has been received without a gap. A position only moves forward, and
 * never over a missing message, unless the service itself went back.
 *
 * Bounded: beyond `capacity` conversations the one that moved longest ago is evicted.
 */
export class Positions {
  private readonly last = new Map<Conversation, number>();

  constructor(private readonly capacity = 2_000) {}

  get(conversation: Conversation): number | undefined {
    return this.last.get(conversation);
  }

  /** Sets a position without messages: what came before is history. */
  start(conversation: Conversation, seq: number): void {
    const known = this.last.get(conversation);
    if (known === undefined || known < seq) this.set(conversation, seq);
  }

  /** The service's log ends here, below what was received: it was replaced. */
  reset(conversation: Conversation, seq: number): void {
    this.set(conversation, seq);
  }

  /** Nothing more is received of it. */
  drop(conversation: Conversation): void {
    this.last.delete(conversation);
  }

  /** It has another name. What was received under either counts. */
  rename(was: Conversation, conversation: Conversation): void {
    const seq = this.last.get(was);
    if (seq === undefined) return;
    this.last.delete(was);
    this.start(conversation, seq);
  }

  judge(conversation: Conversation, seq: number): Verdict {
    const known = this.last.get(conversation);
    if (known === undefined) return 'first';
    if (seq <= known) return 'duplicate';
    return seq === known + 1 ? 'next' : 'gap';
  }

  /** Compares a message and, where it is the next or the first, moves to it. */
  take(conversation: Conversation, seq: number): Verdict {
    const verdict = this.judge(conversation, seq);
    if (verdict === 'next' || verdict === 'first') this.set(conversation, seq);
    return verdict;
  }

  /** Latest first. */
  entries(): readonly (readonly [Conversation, number])[] {
    return [...this.last].reverse();
  }

  private set(conversation: Conversation, seq: number): void {
    this.last.delete(conversation);
    this.last.set(conversation, seq);
    if (this.last.size > this.capacity) {
      const oldest = this.last.keys().next();
      if (oldest.done !== true) this.last.delete(oldest.value);
    }
  }
}
