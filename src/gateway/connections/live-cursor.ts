export type CursorState = 'live' | 'holding' | 'ahead' | 'arriving' | 'ended';

/**
 * What one connection may be told live of one conversation: rooms and private conversations alike.
 *
 * | state      | live events are                                                | ends with             |
 * | ---------- | -------------------------------------------------------------- | --------------------- |
 * | `live`     | told; there need not be a cursor at all                        |                       |
 * | `holding`  | kept back while the log is read; the highest is remembered     | `release`, `abandon`  |
 * | `ahead`    | passed over up to the number that the log has been read to     | the first one above   |
 * | `arriving` | kept back until older ones have been brought, the first is remembered | `hold`         |
 * | `ended`    | kept back for good: the person has gone, and the log is still being read up to there | `release`, `abandon` |
 *
 * A cursor that holds, or that arrives, remembers how far it was ahead before.
 */
export class LiveCursor {
  private phase: 'following' | 'holding' | 'arriving' | 'ended' = 'following';
  /** Everything up to here has been sent; null where unknown, or no longer relevant. */
  private sentUpTo: number | null = null;
  /** The last event that may be sent; null while there is none. */
  private lastSeq: number | null = null;
  /** The highest live event that was kept back while holding. */
  private passed = 0;
  /** The first live event that was kept back while arriving. */
  private firstWaiting = 0;

  get state(): CursorState {
    if (this.phase !== 'following') return this.phase;
    return this.sentUpTo === null ? 'live' : 'ahead';
  }

  /** Up to where a Sync has brought the conversation; null where none has, or it is live again. */
  get aheadOf(): number | null {
    return this.sentUpTo;
  }

  /** The last event that may be sent, where it has ended. */
  get last(): number | null {
    return this.lastSeq;
  }

  /** The number of the first event held back while arriving. */
  get first(): number {
    return this.firstWaiting;
  }

  /**
   * Offers a live event.
   * @returns whether to send it now: not before older ones, and not twice
   */
  offer(seq: number): boolean {
    if (this.phase === 'ended') return false;
    if (this.phase === 'holding') {
      if (seq > this.passed) this.passed = seq;
      return false;
    }
    if (this.sentUpTo !== null && seq <= this.sentUpTo) return false;
    if (this.phase === 'arriving') return false;
    this.sentUpTo = null;
    return true;
  }

  /** Holds back live events from this one on, until older ones have been brought. */
  arrive(seq: number): void {
    if (this.phase !== 'following') return;
    this.phase = 'arriving';
    this.firstWaiting = seq;
  }

  /**
   * The log is about to be read.
   * @param head the highest number known to have come live so far
   */
  hold(head: number): void {
    if (this.phase === 'holding' || this.phase === 'ended') return;
    this.phase = 'holding';
    this.passed = head;
  }

  /**
   * The log has been read, and sent, up to `upTo`.
   * @returns false where a live event above it was held back: read on, and try again
   */
  release(upTo: number): boolean {
    if (this.phase !== 'holding') return true;
    if (this.passed > upTo) return false;
    this.phase = 'following';
    this.sentUpTo = upTo;
    return true;
  }

  /** The person has gone: what reads the log reads on up to there, and nothing comes live. */
  end(last: number): void {
    if (this.phase !== 'holding') return;
    this.phase = 'ended';
    this.lastSeq = last;
  }

  /** The log could not be read to its end: live events go on all the same. */
  abandon(): void {
    if (this.phase !== 'holding') return;
    this.phase = 'following';
    if (this.sentUpTo !== null && this.passed > this.sentUpTo) this.sentUpTo = null;
  }
}
