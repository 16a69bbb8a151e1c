import type { ConversationKey } from '../../chat/conversations/key.js';
import { LiveCursor } from './live-cursor.js';

/** Private conversations with events held back for somebody who is just arriving. */
export const MOST_ARRIVING = 1_000;

/** What to do with a live event. `overflow`: too many conversations are held back to remember. */
export type Verdict = 'tell' | 'keep' | 'overflow';

/**
 * The cursors of one connection, by conversation. A live conversation has none, so that idle
 * connections cost nothing.
 */
export class LiveCursors {
  private cursors: Map<ConversationKey, LiveCursor> | null = null;
  /** Conversations held back until the connection has caught up; null: it has. */
  private arriving: Set<ConversationKey> | null = null;

  /** From here on private events are held back for {@link nextArriving}. */
  beginArriving(): void {
    this.arriving = new Set();
  }

  /** Private events are sent live again. */
  endArriving(): void {
    this.arriving = null;
  }

  /** A conversation with events held back, and the first of them; null where there is none. */
  nextArriving(): readonly [key: ConversationKey, first: number] | null {
    for (const key of this.arriving ?? []) return [key, this.cursors?.get(key)?.first ?? 1];
    return null;
  }

  /** Offers a live event of a private conversation. */
  offer(key: ConversationKey, seq: number): Verdict {
    const cursor = this.cursors?.get(key);
    if (cursor !== undefined && !cursor.offer(seq)) return 'keep';
    if (this.arriving !== null) return this.wait(key, seq, this.arriving);
    if (cursor !== undefined) this.drop(key);
    return 'tell';
  }

  /** @see LiveCursor.hold */
  hold(key: ConversationKey, head: number): LiveCursor {
    const cursor = this.make(key);
    cursor.hold(head);
    this.arriving?.delete(key);
    return cursor;
  }

  isHolding(key: ConversationKey): boolean {
    return this.cursors?.get(key)?.state === 'holding';
  }

  /** @see LiveCursor.end */
  end(key: ConversationKey, last: number): void {
    this.cursors?.get(key)?.end(last);
  }

  /** @see LiveCursor.last */
  lastOf(key: ConversationKey): number | null {
    return this.cursors?.get(key)?.last ?? null;
  }

  /** Whether the log of the conversation is being read for it. */
  isReading(key: ConversationKey): boolean {
    const state = this.cursors?.get(key)?.state;
    return state === 'holding' || state === 'ended';
  }

  /** @see LiveCursor.release */
  release(key: ConversationKey, upTo: number): boolean {
    return this.cursors?.get(key)?.release(upTo) ?? true;
  }

  /** @see LiveCursor.abandon */
  abandon(key: ConversationKey): void {
    const cursor = this.cursors?.get(key);
    cursor?.abandon();
    if (cursor?.state === 'live' || cursor?.state === 'ended') this.drop(key);
  }

  /** @see LiveCursor.aheadOf */
  aheadOf(key: ConversationKey): number | null {
    return this.cursors?.get(key)?.aheadOf ?? null;
  }

  /** The conversation is live: nothing to remember. */
  drop(key: ConversationKey): void {
    this.cursors?.delete(key);
    if (this.cursors?.size === 0) this.cursors = null;
  }

  private make(key: ConversationKey): LiveCursor {
    this.cursors ??= new Map();
    let cursor = this.cursors.get(key);
    if (cursor === undefined) {
      cursor = new LiveCursor();
      this.cursors.set(key, cursor);
    }
    return cursor;
  }

  private wait(key: ConversationKey, seq: number, arriving: Set<ConversationKey>): Verdict {
    if (arriving.size >= MOST_ARRIVING) return 'overflow';
    arriving.add(key);
    this.make(key).arrive(seq);
    return 'keep';
  }
}
