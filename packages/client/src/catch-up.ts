import type {
  ClientFrame,
  MessageFrame,
  RejectFrame,
  SyncFrame,
  SyncOutcome,
} from '@parley/protocol';
import { type Conversation, partnerOf } from './conversation.js';
import { type Asked, PendingSyncs } from './pending-syncs.js';
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
  /** The room has another name: what was asked under one came under the other. */
  readonly renamed: (was: Conversation, conversation: Conversation) => void;
  /** The person is not in that room, or there is none. */
  readonly closed: (room: Conversation) => void;
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
  private readonly pending = new PendingSyncs();
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  /** Counts connections, so that what was started for one ignores the next. */
  private life = 0;
  private syncIsKnown = true;

  constructor(private readonly options: CatchUpOptions) {}

  get isRunning(): boolean {
    return this.open.size > 0;
  }

  /** After a reconnect: asks for everything that was missed. */
  resume(): void {
    this.fill(this.options.positions.entries().map(([conversation]) => conversation));
    if (!this.isRunning) this.options.finished();
  }

  /** A message with this number exists (or existed), above the position. */
  missing(conversation: Conversation, seq: number): void {
    this.raiseSeen(conversation, seq);
    this.fill([conversation]);
  }

  synced(frame: SyncFrame): void {
    for (const asked of this.pending.take(frame.ref) ?? []) {
      const outcome = frame.data[asked.conversation] ?? frame.data[asked.name];
      if (this.open.has(asked.conversation)) this.concluded(asked, outcome);
    }
    if (frame.more === true) this.ask([]);
  }

  /** @returns false where the Reject answers none of these Syncs */
  rejected(frame: RejectFrame): boolean {
    const asked = this.pending.take(frame.ref);
    if (asked === null) return false;
    const conversations = asked.map(({ conversation }) => conversation);
    if (frame.retryable) {
      this.later(frame.retry_after ?? RETRY_MS, () => {
        this.ask(conversations);
      });
      return true;
    }
    if (frame.code === 'unknown-type') this.syncIsKnown = false;
    const [conversation] = conversations;
    if (conversations.length > 1 && this.syncIsKnown) this.askHalves(conversations);
    else if (conversation !== undefined && isClosed(conversation, frame.code)) {
      this.options.closed(conversation);
    } else for (const one of conversations) void this.fillByPages(one);
    return true;
  }

  /** A conversation is over. */
  drop(conversation: Conversation): void {
    if (this.open.has(conversation)) this.done(conversation);
  }

  /** A conversation has another name. */
  rename(was: Conversation, conversation: Conversation): void {
    this.pending.rename(was, conversation);
    if (!this.open.delete(was)) return;
    this.open.add(conversation);
    this.raiseSeen(conversation, this.seen.get(was) ?? 0);
    this.seen.delete(was);
    // Else it was being filled by pages, which ends with the name.
    if (!this.pending.names(conversation)) this.ask([conversation]);
  }

  /** The connection is gone; the next one resumes. */
  suspend(): void {
    this.life += 1;
    this.open.clear();
    this.seen.clear();
    this.pending.clear();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private fill(conversations: readonly Conversation[]): void {
    const fresh = conversations.filter((conversation) => !this.open.has(conversation));
    if (fresh.length === 0) return;
    for (const conversation of fresh) this.open.add(conversation);
    for (let at = 0; at < fresh.length; at += SYNC_CONVERSATIONS) {
      this.ask(fresh.slice(at, at + SYNC_CONVERSATIONS));
    }
  }

  /** @param conversations those that are over are left out; none at all: what nobody has named */
  private ask(conversations: readonly Conversation[]): void {
    const open = conversations.filter((one) => this.open.has(one));
    if (open.length === 0 && conversations.length > 0) return;
    if (!this.syncIsKnown) {
      for (const conversation of open) void this.fillByPages(conversation);
      return;
    }
    this.options.send(this.pending.add(new Map(open.map((one) => [one, this.position(one)]))));
  }

  /** One of them cannot be read, and a Reject does not say which. */
  private askHalves(conversations: readonly Conversation[]): void {
    const middle = Math.ceil(conversations.length / 2);
    this.ask(conversations.slice(0, middle));
    this.ask(conversations.slice(middle));
  }

  /** A Sync has ended for one conversation. */
  private concluded({ conversation, since }: Asked, outcome: SyncOutcome | undefined): void {
    if (outcome !== undefined && outcome.seq < since) {
      this.goBack(conversation, outcome.seq);
      // Live messages so far were below the old position, and dropped.
      this.ask([conversation]);
      return;
    }
    const { seq = 0, complete = false, from = 1 } = outcome ?? {};
    const goal = this.raiseSeen(conversation, seq);
    if (from > 1) this.options.positions.start(conversation, from - 1);
    if (complete && this.position(conversation) >= goal) this.done(conversation);
    // What came began beyond a gap that is none, and was dropped.
    else if (complete && from - 1 > since) this.ask([conversation]);
    else void this.fillByPages(conversation);
  }

  private async fillByPages(conversation: Conversation): Promise<void> {
    const life = this.life;
    try {
      while (life === this.life && !(await this.fillPage(conversation)));
    } catch (error) {
      if (life !== this.life || !this.open.has(conversation)) return;
      if (error instanceof RestError && isClosed(conversation, error.code)) {
        this.options.closed(conversation);
      } else if (isFinal(error)) this.done(conversation);
      else this.later(RETRY_MS, () => void this.fillByPages(conversation));
    }
  }

  /** @returns true where that was the last page, or the conversation is over */
  private async fillPage(conversation: Conversation): Promise<boolean> {
    const life = this.life;
    const after = this.position(conversation);
    const page = await this.options.page(conversation, { after, limit: PAGE_SIZE });
    if (life !== this.life || !this.open.has(conversation)) return true;
    const name = roomOf(page) ?? conversation;
    if (name !== conversation && partnerOf(conversation) === null) {
      this.options.renamed(conversation, name);
      return true;
    }
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

  private later(delay: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      task();
    }, delay);
    this.timers.add(timer);
  }
}

/** The name that the room of a page has now. */
function roomOf({ items: [first] }: HistoryPage): string | null {
  return first !== undefined && 'room' in first ? first.room : null;
}

/** A refusal that says of a room, not of a person: one is not in it. */
function isClosed(conversation: Conversation, code: string): boolean {
  return code === 'not-a-member' && partnerOf(conversation) === null;
}

/** Retrying cannot help with an unreadable conversation, such as one with nobody. */
function isFinal(error: unknown): boolean {
  if (error instanceof SessionOver) return true;
  return error instanceof RestError && [400, 403, 404].includes(error.status);
}
