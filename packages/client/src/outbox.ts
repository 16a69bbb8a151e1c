import type { AckFrame, GroupChatFrame, RejectFrame, SingleChatFrame } from '@parley/protocol';
import type { Conversation } from './conversation.js';
import type { MessageExtras } from './message-extras.js';
import { randomRef } from './refs.js';

/** A written message on its way to the service. Immutable: each change makes a new entry. */
export interface OutboxEntry {
  readonly ref: string;
  readonly conversation: Conversation;
  readonly text: string;
  /** What it brings beside its text. */
  readonly extras?: MessageExtras;
  /** When it was written (ms since the epoch). */
  readonly time: number;
  /** `sent`: stored, its own message frame not yet seen. */
  readonly state: 'pending' | 'sent' | 'failed';
  /** Why it failed: the code of a Reject. */
  readonly code: string | null;
  /** Why it failed, in the service's words for people. */
  readonly reason: string | null;
  /** Whether the same message may succeed on a retry. */
  readonly retryable: boolean;
  /** Its number, once it is stored. */
  readonly seq: number | null;
  /** A message with its words has come from oneself ahead of its Ack: it stands in the log already. */
  readonly echoed?: true;
}

export interface OutboxOptions {
  /** Hands an entry to the connection. */
  readonly transmit: (entry: OutboxEntry) => void;
  /** An entry was added, changed or removed. */
  readonly changed: () => void;
  /**
   * Unanswered messages in flight. With 1 they are stored in the order in which they were written,
   * whatever is rejected meanwhile; more is faster over a slow line.
   */
  readonly inFlight?: number;
  /** Most entries kept. */
  readonly capacity?: number;
  /** Milliseconds before a retry after a temporary rejection, where the Reject names none. */
  readonly retryDelay?: number;
}

/** What an own message says. */
type Echo = Pick<GroupChatFrame | SingleChatFrame, 'data' | 'thread'>;

const MAX_TRIES = 8;

/**
 * Messages until they are known to be stored. Those unanswered when a connection is lost are sent
 * again over the next one under the same `ref`, an idempotency key: the service stores them once.
 */
export class Outbox {
  private readonly kept = new Map<string, OutboxEntry>();
  private readonly flying = new Set<string>();
  private readonly tries = new Map<string, number>();
  private online = false;
  private pause: ReturnType<typeof setTimeout> | null = null;
  private readonly inFlight: number;
  private readonly capacity: number;
  private readonly retryDelay: number;

  constructor(private readonly options: OutboxOptions) {
    this.inFlight = options.inFlight ?? 1;
    this.capacity = options.capacity ?? 1_000;
    this.retryDelay = options.retryDelay ?? 1_000;
  }

  /** In the order in which they were written. */
  entries(): readonly OutboxEntry[] {
    return [...this.kept.values()];
  }

  /** @returns null where the outbox is full */
  add(conversation: Conversation, text: string, extras?: MessageExtras): OutboxEntry | null {
    if (this.kept.size >= this.capacity) return null;
    const entry: OutboxEntry = {
      ref: randomRef(),
      conversation,
      text,
      ...(extras === undefined ? {} : { extras }),
      time: Date.now(),
      state: 'pending',
      code: null,
      reason: null,
      retryable: true,
      seq: null,
    };
    this.put(entry);
    this.pump();
    return entry;
  }

  /** Restores entries that an earlier life of the page left unanswered. */
  restore(entries: readonly OutboxEntry[]): void {
    for (const entry of entries) {
      if (this.kept.size < this.capacity && !this.kept.has(entry.ref)) this.put(entry);
    }
    this.pump();
  }

  /** There is a connection: sends what waits, and resends what was not answered. */
  resume(): void {
    this.online = true;
    this.flying.clear();
    this.pump();
  }

  suspend(): void {
    this.online = false;
    this.flying.clear();
    this.endPause();
  }

  /** @returns the acknowledged entry, now sent */
  acknowledge(ack: AckFrame): OutboxEntry | null {
    const entry = this.kept.get(ack.ref);
    if (entry?.state !== 'pending') return null;
    this.land(ack.ref);
    const sent: OutboxEntry = { ...entry, state: 'sent', seq: ack.seq };
    this.put(sent);
    this.pump();
    return sent;
  }

  /** @returns false where the Reject belongs to no entry */
  reject(frame: RejectFrame): boolean {
    const entry = frame.ref === undefined ? undefined : this.kept.get(frame.ref);
    if (entry?.state !== 'pending') return false;
    this.flying.delete(entry.ref);
    const tries = (this.tries.get(entry.ref) ?? 0) + 1;
    this.tries.set(entry.ref, tries);
    // What had come was another device's.
    const { echoed, ...refused } = entry;
    if (echoed) this.put(refused);
    if (frame.retryable && tries < MAX_TRIES) {
      this.wait(frame.retry_after ?? this.retryDelay);
      return true;
    }
    this.land(entry.ref);
    const { code, data: reason, retryable } = frame;
    this.put({ ...refused, state: 'failed', code, reason, retryable });
    this.pump();
    return true;
  }

  /**
   * One's own message has come. Where it is the one in flight, its Ack is behind it; until then it
   * is kept, because another device may have said the same.
   */
  hear(conversation: Conversation, { data, thread }: Echo): void {
    for (const ref of this.flying) {
      const entry = this.kept.get(ref);
      const isIt = entry?.text === data && entry.extras?.thread === thread && !entry.echoed;
      if (!isIt || entry.conversation !== conversation) continue;
      this.put({ ...entry, echoed: true });
      return;
    }
  }

  /** Every message up to this number has been seen: entries stored up to there are done. */
  settle(conversation: Conversation, seq: number): void {
    for (const entry of this.kept.values()) {
      const isSeen = entry.seq !== null && entry.seq <= seq;
      if (isSeen && entry.conversation === conversation) this.discard(entry.ref);
    }
  }

  /** The log now ends at this number: what was stored above it is lost, and sent again. */
  unsettle(conversation: Conversation, head: number): void {
    for (const entry of this.kept.values()) {
      const isLost = entry.seq !== null && entry.seq > head;
      if (isLost && entry.conversation === conversation) {
        this.put({ ...entry, state: 'pending', seq: null });
      }
    }
    this.pump();
  }

  /** A conversation has another name. */
  rename(was: Conversation, conversation: Conversation): void {
    for (const entry of this.kept.values()) {
      if (entry.conversation === was) this.put({ ...entry, conversation });
    }
  }

  /** Retries a failed entry. */
  retry(ref: string): void {
    const entry = this.kept.get(ref);
    if (entry?.state !== 'failed') return;
    this.put({ ...entry, state: 'pending', code: null, reason: null });
    this.pump();
  }

  discard(ref: string): void {
    this.land(ref);
    if (this.kept.delete(ref)) this.options.changed();
    this.pump();
  }

  private put(entry: OutboxEntry): void {
    this.kept.set(entry.ref, entry);
    this.options.changed();
  }

  private land(ref: string): void {
    this.flying.delete(ref);
    this.tries.delete(ref);
  }

  private pump(): void {
    if (!this.online || this.pause !== null || this.flying.size >= this.inFlight) return;
    for (const entry of this.kept.values()) {
      if (this.flying.size >= this.inFlight) return;
      if (entry.state !== 'pending' || this.flying.has(entry.ref)) continue;
      this.flying.add(entry.ref);
      this.options.transmit(entry);
    }
  }

  private wait(delay: number): void {
    if (this.pause !== null) return;
    this.pause = setTimeout(() => {
      this.pause = null;
      this.pump();
    }, delay);
  }

  private endPause(): void {
    if (this.pause !== null) clearTimeout(this.pause);
    this.pause = null;
  }
}
