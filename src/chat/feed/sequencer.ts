import { Logger } from '@nestjs/common';
import type { ConversationKey } from '../conversations/key.js';
import { type ChatEvent, type LiveEvent, NO_ORIGIN } from '../log/event.js';
import type { EventLog } from '../log/event-log.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import { isEarlyMove, newTrack, type Track } from './track.js';

/** How long a missing event may be in flight before it is read from the store. */
const PATIENCE_MS = 100;
const LOOK_EVERY_MS = 50;
/** After the store failed. */
const RETRY_MS = 500;
/** Concurrent refills. */
const CONCURRENCY = 8;
const PAGE = 200;
/**
 * Buffered events that wait for an earlier one: per conversation, and in all. Others are read
 * again.
 */
const MOST_PENDING = 1_000;
const MOST_PENDING_IN_ALL = 20_000;

/** Who follows a conversation here, and from where on. */
export interface Following {
  /**
   * Since when (ms since the epoch) anybody here follows the conversation; null: nobody does.
   * Earlier events are not delivered live.
   */
  since(conversation: ConversationKey): number | null;
  /**
   * The lowest position to which a Sync has brought a connection here; null where there is none. An
   * event created before somebody came may be stored only afterwards.
   */
  floor(conversation: ConversationKey): number | null;
  /** The conversation has a track now, which is kept until it is forgotten. */
  tracked(conversation: ConversationKey): void;
}

/**
 * Turns a bus that may lose, repeat and reorder into a gapless order: each conversation's events
 * pass by number, each once. What does not arrive within a tenth of a second is read from the
 * store.
 */
export class Sequencer {
  /** Events that came from the store, since the bus lost them. */
  refilled = 0;
  private readonly logger = new Logger('Sequencer');
  private readonly tracks = new Map<ConversationKey, Track>();
  /** Those with a gap. */
  private readonly gapped = new Set<ConversationKey>();
  private pendingInAll = 0;
  private reading = 0;
  private timer: Timer | null = null;

  constructor(
    private readonly log: Pick<EventLog, 'page'>,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly following: Following,
    private readonly deliver: (batch: readonly LiveEvent[]) => void,
  ) {}

  /** Buffers the conversation's events until {@link begin} says where it starts. */
  expect(conversation: ConversationKey): void {
    if (this.tracks.has(conversation)) return;
    this.tracks.set(conversation, { ...newTrack(null, 0), filling: true });
  }

  /**
   * The conversation has been delivered up to `head`; buffered events after it are delivered now.
   */
  begin(conversation: ConversationKey, head: number): void {
    const track = this.tracks.get(conversation) ?? newTrack(null, 0);
    this.tracks.set(conversation, track);
    track.filling = false;
    track.next = head + 1;
    track.start = head;
    track.target = Math.max(track.target, head);
    const ready: LiveEvent[] = [];
    for (const [seq, event] of [...(track.pending ?? [])]) {
      if (seq > head) continue;
      this.drop(track, seq);
      if (isEarlyMove(track, event)) ready.push(event);
    }
    this.drain(conversation, track, ready);
    if (track.next > track.target) this.gapped.delete(conversation);
    if (ready.length > 0) this.deliver(ready);
  }

  /** Nobody here follows the conversation any more. */
  forget(conversation: ConversationKey): void {
    const track = this.tracks.get(conversation);
    if (track === undefined) return;
    this.pendingInAll -= track.pending?.size ?? 0;
    this.tracks.delete(conversation);
    this.gapped.delete(conversation);
  }

  stop(): void {
    this.scheduler.cancel(this.timer);
    this.timer = null;
    this.tracks.clear();
    this.gapped.clear();
  }

  /** Takes a batch from the bus, and delivers what is next. */
  take(batch: readonly LiveEvent[]): void {
    const ready: LiveEvent[] = [];
    for (const event of batch) this.sequence(event, ready);
    if (ready.length > 0) this.deliver(ready);
  }

  /**
   * An event of that number exists. If it does not arrive soon it is read.
   * @param time when it was created, where known
   */
  reached(conversation: ConversationKey, seq: number, time = Number.POSITIVE_INFINITY): void {
    let track = this.tracks.get(conversation);
    if (track === undefined) {
      const since = this.following.since(conversation);
      const floor = this.following.floor(conversation) ?? Number.POSITIVE_INFINITY;
      if (since === null || (time < since && seq <= floor)) return;
      track = this.open(conversation, null);
    }
    if (seq <= track.target) return;
    track.target = seq;
    this.seek(conversation, track);
  }

  /** Tracked conversations, and buffered events that wait for an earlier one. */
  get size(): { readonly tracks: number; readonly pending: number } {
    return { tracks: this.tracks.size, pending: this.pendingInAll };
  }

  /** Conversations with a gap. */
  get gaps(): number {
    return this.gapped.size;
  }

  private sequence(event: LiveEvent, ready: LiveEvent[]): void {
    const { conversation, seq } = event;
    let track = this.tracks.get(conversation);
    if (track === undefined) {
      if (this.following.since(conversation) === null) {
        ready.push(event);
        return;
      }
      track = this.open(conversation, seq === 1 ? 1 : null);
    }
    if (seq > track.target) track.target = seq;
    if (track.next === null || seq > track.next) {
      this.keep(conversation, track, event);
    } else if (seq === track.next) {
      ready.push(event);
      track.next = seq + 1;
      this.drain(conversation, track, ready);
    } else if (isEarlyMove(track, event)) {
      ready.push(event);
    }
  }

  private open(conversation: ConversationKey, next: number | null): Track {
    const track = newTrack(next, 0);
    this.tracks.set(conversation, track);
    this.following.tracked(conversation);
    return track;
  }

  private keep(conversation: ConversationKey, track: Track, event: LiveEvent): void {
    const size = track.pending?.size ?? 0;
    if (size < MOST_PENDING && this.pendingInAll < MOST_PENDING_IN_ALL) {
      track.pending ??= new Map();
      track.pending.set(event.seq, event);
      this.pendingInAll += track.pending.size - size;
    }
    this.seek(conversation, track);
  }

  /** Delivers what waited for the event that has just passed. */
  private drain(conversation: ConversationKey, track: Track, ready: LiveEvent[]): void {
    while (track.pending !== null && track.next !== null) {
      const event = track.pending.get(track.next);
      if (event === undefined) return;
      this.drop(track, track.next);
      ready.push(event);
      track.next++;
    }
    if (track.next !== null && track.next > track.target) this.gapped.delete(conversation);
  }

  private drop(track: Track, seq: number): void {
    if (track.pending?.delete(seq) !== true) return;
    this.pendingInAll--;
    if (track.pending.size === 0) track.pending = null;
  }

  /** An unknown start is not waited for: only the store has it. */
  private seek(conversation: ConversationKey, track: Track): void {
    if (this.gapped.has(conversation)) return;
    this.gapped.add(conversation);
    track.due = this.clock.monotonic() + (track.next === null ? 0 : PATIENCE_MS);
    if (track.next === null) this.look();
    this.timer ??= this.scheduler.every(LOOK_EVERY_MS, () => {
      this.look();
    });
  }

  private look(): void {
    const now = this.clock.monotonic();
    for (const conversation of this.gapped) {
      if (this.reading >= CONCURRENCY) return;
      const track = this.tracks.get(conversation);
      if (track === undefined || track.filling || track.due > now) continue;
      track.filling = true;
      this.reading++;
      void this.refill(conversation, track);
    }
    if (this.gapped.size > 0) return;
    this.scheduler.cancel(this.timer);
    this.timer = null;
  }

  private async refill(conversation: ConversationKey, track: Track): Promise<void> {
    const announced = track.target;
    try {
      track.next ??= await this.findStart(conversation, announced);
      await this.readOn(conversation, track);
      if (track.next <= announced) this.disbelieve(conversation, track, announced);
    } catch (error) {
      this.logger.warn({ event: 'gap-not-filled', conversation, error });
    } finally {
      track.filling = false;
      track.due = this.clock.monotonic() + RETRY_MS;
      this.reading--;
      this.look();
    }
  }

  /**
   * The number of the first event that was created while the conversation was followed here, or
   * that a Sync did not bring. Its people caught up with earlier ones when they came.
   */
  private async findStart(conversation: ConversationKey, target: number): Promise<number> {
    const since = this.following.since(conversation) ?? Number.POSITIVE_INFINITY;
    let start = target + 1;
    for (;;) {
      const events = await this.log.page(conversation, { before: start, limit: PAGE });
      const live = events.filter((event) => event.time >= since).map((event) => event.seq);
      start = live.reduce((least, seq) => Math.min(least, seq), start);
      if (live.length === PAGE) continue;
      const floor = this.following.floor(conversation) ?? start;
      return Math.min(start, floor + 1, this.leastPending(conversation) ?? start);
    }
  }

  private leastPending(conversation: ConversationKey): number | undefined {
    const pending = this.tracks.get(conversation)?.pending;
    return pending ? Math.min(...pending.keys()) : undefined;
  }

  private async readOn(conversation: ConversationKey, track: Track): Promise<void> {
    const ready: LiveEvent[] = [];
    this.drain(conversation, track, ready);
    if (ready.length > 0) this.deliver(ready);
    while (track.next !== null && track.next <= track.target) {
      const after = track.next - 1;
      const events = await this.log.page(conversation, { after, limit: PAGE });
      if (this.tracks.get(conversation) !== track) return;
      this.pass(conversation, track, events);
      if (events.length < PAGE) return;
    }
  }

  /** Skips what the bus brought meanwhile; its copy is preferred, since it knows its connection. */
  private pass(conversation: ConversationKey, track: Track, events: readonly ChatEvent[]): void {
    const ready: LiveEvent[] = [];
    for (const event of events) {
      if (track.next !== null && event.seq < track.next) continue;
      const carried = track.pending?.get(event.seq);
      if (carried === undefined) this.refilled++;
      ready.push(carried ?? { ...event, origin: NO_ORIGIN });
      this.drop(track, event.seq);
      track.next = event.seq + 1;
    }
    this.drain(conversation, track, ready);
    if (ready.length > 0) this.deliver(ready);
  }

  /**
   * The store was read to its end after this was announced, and does not have it: a batch is
   * announced once it is committed, so the announcement was wrong. Nothing waits for it any more,
   * and nothing that claims to follow it is delivered.
   */
  private disbelieve(conversation: ConversationKey, track: Track, announced: number): void {
    if (this.tracks.get(conversation) !== track || track.next === null) return;
    this.logger.error({ event: 'gap-not-in-store', conversation, seq: track.next });
    for (const seq of [...(track.pending?.keys() ?? [])]) {
      if (seq <= announced) this.drop(track, seq);
    }
    if (track.target > announced) return;
    track.target = track.next - 1;
    this.gapped.delete(conversation);
  }
}
