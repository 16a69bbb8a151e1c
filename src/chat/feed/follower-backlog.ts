import type { Clock } from '../../kernel/clock.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import type { ConversationKey } from '../conversations/key.js';
import type { Behind } from './follower-cursors.js';

/** Conversations that are kept in mind, with their positions and their waits. */
const MOST_KNOWN = 10_000;

/** One conversation as a follower knows it. */
export interface Followed {
  readonly conversation: ConversationKey;
  /** Up to where it was handled; null: the store knows. */
  position: number | null;
  head: number;
  /** Since when something has been waiting to be handled (monotonic ms). */
  since: number;
  /** In a row. */
  failures: number;
  /** When it may be worked on next (monotonic ms). */
  notBefore: number;
  state: 'idle' | 'waiting' | 'ready' | 'busy';
  timer: Timer | null;
}

/**
 * The conversations that a follower knows to be behind, those that are ready first come, first served.
 * One that waits after a failure stands beside the others, not before them. There is a bound on how
 * many are known: of those that are not behind the oldest is forgotten, and what has no room is left to
 * the next sweep.
 */
export class FollowerBacklog {
  private readonly known = new Map<ConversationKey, Followed>();
  /** Nothing waits in these. */
  private readonly idle = new Set<Followed>();
  private readonly ready = new Set<Followed>();
  private hasOverflown = false;

  /** @param wake called whenever one has become ready */
  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly wake: () => void,
    private readonly limit = MOST_KNOWN,
  ) {}

  /** Something had no room since {@link forgetOverflow} was called. */
  get overflown(): boolean {
    return this.hasOverflown;
  }

  /** Conversations that are kept in mind. */
  get size(): number {
    return this.known.size;
  }

  /** Events that wait to be handled, as far as they are known. */
  get events(): number {
    let count = 0;
    for (const { position, head, state } of this.known.values()) {
      if (state !== 'idle') count += position === null ? 1 : Math.max(0, head - position);
    }
    return count;
  }

  /** For how long the oldest of them has been waiting, in milliseconds; 0 where none does. */
  get oldestMs(): number {
    const now = this.clock.monotonic();
    let oldest = now;
    for (const one of this.known.values()) {
      if (one.state !== 'idle' && one.since < oldest) oldest = one.since;
    }
    return now - oldest;
  }

  /** An event of that number is in the log. */
  heard(conversation: ConversationKey, seq: number): void {
    const one = this.known.get(conversation) ?? this.add(conversation, null);
    if (one === null || seq <= one.head) return;
    one.head = seq;
    if (one.state === 'idle') this.enqueue(one, this.clock.monotonic());
  }

  /**
   * The store says that a conversation is behind. A cursor that stands elsewhere than it is thought to
   * was set, or the answer is an old one: it is read anew.
   */
  found({ conversation, position, head }: Behind): void {
    const one = this.known.get(conversation) ?? this.add(conversation, position);
    if (one === null) return;
    one.head = Math.max(one.head, head);
    if (one.state !== 'idle') return;
    if (one.position !== position) one.position = null;
    this.enqueue(one, this.clock.monotonic());
  }

  /** The next to be worked on, which is busy from here on. */
  take(): Followed | null {
    const [one] = this.ready;
    if (one === undefined) return null;
    this.ready.delete(one);
    one.state = 'busy';
    return one;
  }

  /**
   * The work on it is done, up to `position`.
   * @param since when what is above it began to wait, where anything is (monotonic ms)
   * @param pauseMs before there is more
   */
  handled(one: Followed, position: number, since: number, pauseMs: number): void {
    one.position = position;
    one.failures = 0;
    one.notBefore = this.clock.monotonic() + pauseMs;
    this.putBack(one, since);
  }

  /** The log ends at `position`, whatever was heard. */
  exhausted(one: Followed, position: number, announced: number): void {
    if (one.head === announced) one.head = position;
    one.position = position;
    this.putBack(one, this.clock.monotonic());
  }

  /** It is to be tried again, from where the store says. */
  again(one: Followed, pauseMs: number): void {
    one.position = null;
    one.notBefore = this.clock.monotonic() + pauseMs;
    this.putBack(one, one.since);
  }

  /** Forgets everything but what is busy, of which nothing is believed any more. */
  clear(): void {
    for (const one of this.known.values()) {
      this.scheduler.cancel(one.timer);
      one.timer = null;
      if (one.state !== 'busy') this.known.delete(one.conversation);
      one.position = null;
      one.failures = 0;
    }
    this.idle.clear();
    this.ready.clear();
  }

  /** The store is about to be asked again, also for what had no room. */
  forgetOverflow(): void {
    this.hasOverflown = false;
  }

  private putBack(one: Followed, since: number): void {
    if (one.position === null ? one.head > 0 : one.head > one.position) {
      this.enqueue(one, since);
      return;
    }
    one.state = 'idle';
    this.idle.add(one);
  }

  private enqueue(one: Followed, since: number): void {
    this.idle.delete(one);
    one.since = since;
    const wait = one.notBefore - this.clock.monotonic();
    if (wait <= 0) {
      this.makeReady(one);
      return;
    }
    one.state = 'waiting';
    one.timer = this.scheduler.after(wait, () => {
      one.timer = null;
      this.makeReady(one);
    });
  }

  private makeReady(one: Followed): void {
    one.state = 'ready';
    this.ready.add(one);
    this.wake();
  }

  /** @returns null where there is no room */
  private add(conversation: ConversationKey, position: number | null): Followed | null {
    if (this.known.size >= this.limit) {
      const [oldest] = this.idle;
      if (oldest === undefined) {
        this.hasOverflown = true;
        return null;
      }
      this.idle.delete(oldest);
      this.known.delete(oldest.conversation);
    }
    const one: Followed = {
      ...{ conversation, position, head: 0, since: 0 },
      ...{ failures: 0, notBefore: 0, state: 'idle', timer: null },
    };
    this.known.set(conversation, one);
    return one;
  }
}
