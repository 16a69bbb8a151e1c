import {
  type ClientFrame,
  FrameType,
  type MessageFrame,
  type RejectFrame,
  type SyncFrame,
} from '@parley/protocol';
import type { Conversation } from './conversation.js';
import type { Positions } from './positions.js';
import { type HistoryPage, type PageQuery, RestError } from './rest.js';
import { SessionOver } from './token-session.js';

export interface CatchUpOptions {
  readonly positions: Positions;
  readonly send: (frame: ClientFrame) => void;
  /** Fetches a page over HTTP. */
  readonly page: (conversation: Conversation, query: PageQuery) => Promise<HistoryPage>;
  /** Takes a message from a page, in order. */
  readonly deliver: (frame: MessageFrame) => void;
  /**
   * Too much was missed: the conversation continues from `head`, and what lies between is history.
   */
  readonly skipped: (conversation: Conversation, head: number) => void;
  /**
   * The service's log ends at `head`, below what was received: it was restored from an older
   * backup. What lies above is gone; the conversation continues from `head`.
   */
  readonly reset: (conversation: Conversation, head: number) => void;
  /** Every catch-up under way is complete. */
  readonly finished: () => void;
  /** Most messages caught up per conversation; beyond them it is skipped. */
  readonly limit: number;
}

const PAGE_SIZE = 200;
const RETRY_MS = 2_000;
/** Conversations per Sync, well within a frame. */
const SYNC_CONVERSATIONS = 100;

/**
 * Fills gaps: by Sync, and by pages over HTTP where Sync cannot (too much was missed, or the
 * service is too old to know it).
 *
 * While a conversation is being filled, what arrives beyond its gap is dropped; it comes again, in
 * order, with what fills the gap.
 */
export class CatchUp {
  private readonly open = new Set<Conversation>();
  /** The highest number seen of a conversation, taken or dropped. */
  private readonly seen = new Map<Conversation, number>();
  /** Pending Syncs, with the positions that each named. */
  private readonly asked = new Map<string, ReadonlyMap<Conversation, number>>();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private counter = 0;
  /** Counts connections, so that what was started for one ignores the next. */
  private life = 0;
  private syncIsKnown = true;

  constructor(private readonly options: CatchUpOptions) {}

  get isRunning(): boolean {
    return this.open.size > 0;
  }

  /** After a reconnect: asks for everything that was missed. */
  resume(): void {
    const known = this.options.positions.entries().map(([conversation]) => conversation);
    this.fill(known.slice(0, SYNC_CONVERSATIONS));
    if (!this.isRunning) this.options.finished();
  }

  /** A message with this number exists (or existed), above the position. */
  missing(conversation: Conversation, seq: number): void {
    this.raiseSeen(conversation, seq);
    this.fill([conversation]);
  }

  synced(frame: SyncFrame): void {
    for (const [conversation, since] of this.takeAsked(frame.ref)) {
      const answer = frame.data[conversation];
      if (answer !== undefined && answer.seq < since) {
        this.goBack(conversation, answer.seq);
        // Live messages so far were below the old position, and dropped.
        this.ask([conversation]);
        continue;
      }
      const goal = this.raiseSeen(conversation, answer?.seq ?? 0);
      const isFilled = answer?.complete === true && this.position(conversation) >= goal;
      if (isFilled) this.done(conversation);
      else void this.fillByPages(conversation);
    }
    if (frame.more === true) this.ask([]);
  }

  /** @returns false where the Reject answers none of these Syncs */
  rejected(frame: RejectFrame): boolean {
    if (frame.ref === undefined || !this.asked.has(frame.ref)) return false;
    const conversations = [...this.takeAsked(frame.ref).keys()];
    if (frame.retryable) {
      this.later(frame.retry_after ?? RETRY_MS, () => {
        this.ask(conversations);
      });
      return true;
    }
    if (frame.code === 'unknown-type') this.syncIsKnown = false;
    for (const conversation of conversations) void this.fillByPages(conversation);
    return true;
  }

  /** The connection is gone; the next one resumes. */
  suspend(): void {
    this.life += 1;
    this.open.clear();
    this.seen.clear();
    this.asked.clear();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private fill(conversations: readonly Conversation[]): void {
    const fresh = conversations.filter((conversation) => !this.open.has(conversation));
    if (fresh.length === 0) return;
    for (const conversation of fresh) this.open.add(conversation);
    this.ask(fresh);
  }

  private ask(conversations: readonly Conversation[]): void {
    if (!this.syncIsKnown) {
      for (const conversation of conversations) void this.fillByPages(conversation);
      return;
    }
    this.counter += 1;
    const ref = `sync-${String(this.counter)}`;
    const positions = new Map(conversations.map((one) => [one, this.position(one)]));
    this.asked.set(ref, positions);
    this.options.send({ type: FrameType.Sync, data: Object.fromEntries(positions), ref });
  }

  private async fillByPages(conversation: Conversation): Promise<void> {
    const life = this.life;
    try {
      while (life === this.life && !(await this.fillPage(conversation)));
    } catch (error) {
      if (life !== this.life) return;
      if (isFinal(error)) this.done(conversation);
      else this.later(RETRY_MS, () => void this.fillByPages(conversation));
    }
  }

  /** @returns true where that was the last page */
  private async fillPage(conversation: Conversation): Promise<boolean> {
    const life = this.life;
    const after = this.position(conversation);
    const page = await this.options.page(conversation, { after, limit: PAGE_SIZE });
    if (life !== this.life) return true;
    if (page.head < after) {
      this.goBack(conversation, page.head);
      return false;
    }
    if (page.head - after > this.options.limit) {
      this.options.positions.start(conversation, page.head);
      this.options.skipped(conversation, page.head);
    } else {
      this.takePage(conversation, page);
    }
    const goal = this.raiseSeen(conversation, page.head);
    // A page that leads no further would come again for ever: an empty one below the goal, as in a
    // gap that nobody can fill, or one of a name that the service spells otherwise.
    if (this.position(conversation) <= after) this.options.positions.start(conversation, goal);
    if (this.position(conversation) < goal) return false;
    this.done(conversation);
    return true;
  }

  /** Numbers that a page skips have nothing to show, and are filled. */
  private takePage(conversation: Conversation, page: HistoryPage): void {
    const { positions, deliver } = this.options;
    const isExact = page.next_after !== undefined;
    for (const frame of page.items) {
      if (isExact) positions.start(conversation, frame.seq - 1);
      deliver(frame);
    }
    if (isExact) positions.start(conversation, page.next_after ?? page.head);
  }

  private goBack(conversation: Conversation, head: number): void {
    this.seen.delete(conversation);
    this.options.positions.reset(conversation, head);
    this.options.reset(conversation, head);
  }

  private done(conversation: Conversation): void {
    this.open.delete(conversation);
    this.seen.delete(conversation);
    if (!this.isRunning) this.options.finished();
  }

  private position(conversation: Conversation): number {
    return this.options.positions.get(conversation) ?? 0;
  }

  /** @returns the highest number seen */
  private raiseSeen(conversation: Conversation, seq: number): number {
    const highest = Math.max(seq, this.seen.get(conversation) ?? 0);
    this.seen.set(conversation, highest);
    return highest;
  }

  private takeAsked(ref: string | undefined): ReadonlyMap<Conversation, number> {
    const positions = this.asked.get(ref ?? '') ?? new Map<Conversation, number>();
    this.asked.delete(ref ?? '');
    return positions;
  }

  private later(delay: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      task();
    }, delay);
    this.timers.add(timer);
  }
}

/** Retrying cannot help with an unreadable conversation, such as one with nobody. */
function isFinal(error: unknown): boolean {
  if (error instanceof SessionOver) return true;
  return error instanceof RestError && [400, 403, 404].includes(error.status);
}
