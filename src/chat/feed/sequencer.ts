import { Logger } from '@nestjs/common';
import type { ConversationKey } from '../conversations/key.js';
import { type ChatEvent, type LiveEvent, NO_ORIGIN } from '../log/event.js';
import type { EventLog } from '../log/event-log.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import { newTrack, type Track } from './track.js';

/** So long a missing event may be under way before the store is asked for it. */
const PATIENCE_MS = 100;
const LOOK_EVERY_MS = 50;
/** After the store failed. */
const RETRY_MS = 500;
/** Refills that read at a time. */
const CONCURRENCY = 8;
const PAGE = 200;
/** Events that wait for an earlier one: of a conversation, and in all. Others are read again. */
const MOST_PENDING = 1_000;
const MOST_PENDING_IN_ALL = 20_000;

/** Where events are heard of for the first time. */
export interface Following {
  /**
   * Since when (ms since the epoch) anybody here follows the conversation; null: nobody does. What
   * was said before is not for live delivery.
   */
  since(conversation: ConversationKey): number | null;
  /**
   * Up to which number a connection here was brought the conversation by a Sync, the least of
   * several; null where nobody was. What was said before it came may be stored only afterwards.
   */
  floor(conversation: ConversationKey): number | null;
  /** Told when the conversation has a track, which is kept until it is forgotten. */
  tracked(conversation: ConversationKey): void;
}

/**
 * Makes a gapless order of what a bus brings that may lose, repeat and reorder: every conversation's
 * events pass in the order of their numbers, each once. What does not come by itself within a tenth
 * of a second is read from the store.
 */
export class Sequencer {
  /** Events that the bus did not bring, and the store did. */
  refilled = 0;
  private readonly logger = new Logger('Sequencer');
  private readonly tracks = new Map<ConversationKey, Track>();
  /** Those that lack something. */
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

  /** What comes of the conversation waits until it is known where it begins. */
  expect(conversation: ConversationKey): void {
    if (this.tracks.has(conversation)) return;
    this.tracks.set(conversation, { ...newTrack(null, 0), filling: true });
  }

  /** The conversation has been delivered up to `head`; what waits behind that is delivered now. */
  begin(conversation: ConversationKey, head: number): void {
    const track = this.tracks.get(conversation) ?? newTrack(null, 0);
    this.tracks.set(conversation, track);
    track.filling = false;
    track.next = head + 1;
    track.target = Math.max(track.target, head);
    for (const seq of [...(track.pending?.keys() ?? [])]) if (seq <= head) this.drop(track, seq);
    const ready: LiveEvent[] = [];
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

  /** Takes what the bus brings, and delivers what is next. */
  take(batch: readonly LiveEvent[]): void {
    const ready: LiveEvent[] = [];
    for (const event of batch) this.place(event, ready);
    if (ready.length > 0) this.deliver(ready);
  }

  /**
   * Something of that number exists. Where it does not come soon it is read.
   * @param time when it was made, where that is known
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

  /** Conversations that are known, and events that wait for an earlier one. */
  get size(): { readonly tracks: number; readonly pending: number } {
    return { tracks: this.tracks.size, pending: this.pendingInAll };
  }

  /** Conversations that lack something. */
  get gaps(): number {
    return this.gapped.size;
  }

  private place(event: LiveEvent, ready: LiveEvent[]): void {
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

  /** What waited for the event that has just passed. */
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

  /** An unknown beginning cannot be waited for: only the store has it. */
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
   * The number of the first event that was made while the conversation was followed here, or that
   * a Sync did not bring. What was before, its people got when they came.
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

  /** What came over the bus meanwhile is not given twice; it knows its connection, too. */
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
   * The store was read to its end after this had been announced, and does not have it: a batch is
   * announced once it is committed, so somebody was wrong. Nothing waits for it, and nothing that
   * claims to lie behind it is delivered.
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
