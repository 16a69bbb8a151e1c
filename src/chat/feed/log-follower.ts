import { Logger } from '@nestjs/common';
import type { Clock } from '../../kernel/clock.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import type { ConversationKey } from '../conversations/key.js';
import type { ChatEvent } from '../log/event.js';
import type { EventLog } from '../log/event-log.js';
import type { MessageBus } from '../log/message-bus.js';
import { CursorWriter } from './cursor-writer.js';
import { type Batch, FollowedEvents } from './followed-events.js';
import { FollowerBacklog, type Followed } from './follower-backlog.js';
import { FollowerClaim } from './follower-claim.js';
import type { Claim, FollowerCursors } from './follower-cursors.js';
import { FollowerSweep } from './follower-sweep.js';
import type { LogHandler } from './log-handler.js';

/** Conversations that are worked on at a time, where the handler asks for no more. */
const CONCURRENCY = 8;
const BATCH = 200;
/** At the head of a busy conversation, where the handler says nothing else. */
const BREATH_MS = 50;
/** After the store failed, or a cursor was not where it was thought to be. */
const RETRY_MS = 1_000;
/** What this node is not told of is found by the sweep, so it is others' messages that wait for it. */
const SWEEP_EVERY_MS = 2_000;
/** Where the bus loses nothing there is nothing to find. */
const CALM_SWEEP_EVERY_MS = 30_000;
const FIRST_BACKOFF_MS = 1_000;
const LAST_BACKOFF_MS = 300_000;

export interface FollowerParts {
  readonly cursors: FollowerCursors;
  readonly log: EventLog;
  readonly bus: MessageBus;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/**
 * Brings every event of every conversation to a handler, at least once and in order, on one node at a
 * time, several conversations at once. A durable cursor in each conversation says up to where it was
 * handled, and what is above it stands in the log. The bus wakes it, and where it loses nothing its events
 * need not be read again; what the bus does not bring here, a sweep finds.
 */
export class LogFollower {
  /** Events that were handled, and calls that failed, since the start. */
  readonly counts = { handled: 0, failures: 0 };
  private readonly logger = new Logger('LogFollower');
  private readonly backlog: FollowerBacklog;
  private readonly claim: FollowerClaim;
  private readonly sweep: FollowerSweep;
  private readonly writer: CursorWriter;
  private readonly events: FollowedEvents;
  private readonly working = new Set<Promise<void>>();
  /** Of the time in which this node has the claim. */
  private tenure: AbortController | null = null;
  private ends: (() => void)[] = [];
  private turn: Timer | null = null;

  /** @param holder unique over all nodes and all their starts, such as a new ULID */
  constructor(
    private readonly parts: FollowerParts,
    private readonly handler: LogHandler,
    holder: string,
  ) {
    const { cursors, log, clock, scheduler } = parts;
    this.writer = new CursorWriter(cursors);
    this.events = new FollowedEvents(handler.name, cursors, log, clock);
    this.backlog = new FollowerBacklog(clock, scheduler, () => {
      this.wake();
    });
    this.sweep = new FollowerSweep(cursors, clock, scheduler, {
      follower: handler.name,
      everyMs: () => this.sweepEveryMs(),
      hasRoom: () => !this.backlog.overflown,
      found: (behind) => {
        this.backlog.found(behind);
      },
    });
    this.claim = new FollowerClaim(cursors, clock, scheduler, {
      ...{ follower: handler.name, id: holder },
      taken: () => {
        this.begin();
      },
      lost: () => {
        this.end();
      },
    });
  }

  get name(): string {
    return this.handler.name;
  }

  /** Whether it is this node that follows. */
  get isFollowing(): boolean {
    return this.tenure !== null;
  }

  /**
   * How far it is behind, as far as this node knows: in events, and how long the oldest of them has
   * been waiting. Nothing where another node follows.
   */
  get lag(): { readonly events: number; readonly ms: number } {
    return { events: this.backlog.events, ms: this.backlog.oldestMs };
  }

  /** Which claim this node follows under; null where it does not. Another one began anew. */
  get epoch(): number | null {
    return this.isFollowing ? (this.claim.current?.epoch ?? null) : null;
  }

  /**
   * Whether it knows of every conversation that was behind when this node began to follow: before that
   * its lag says nothing.
   */
  get isAware(): boolean {
    return this.isFollowing && this.sweep.isWhole;
  }

  start(): void {
    this.claim.start();
  }

  /** Begins nothing more, waits for what was begun, and gives the claim up. */
  async stop(): Promise<void> {
    this.tenure?.abort();
    this.unsubscribe();
    await this.claim.stop();
    while (this.working.size > 0) await Promise.all(this.working);
    await this.sweep.ended();
    await this.claim.release();
    this.backlog.clear();
  }

  private begin(): void {
    const { bus } = this.parts;
    this.tenure = new AbortController();
    this.ends.push(
      bus.subscribe((events) => {
        // What another node wrote is believed when it is read.
        if (bus.isLossless) this.events.hear(events);
        for (const { conversation, seq } of events) this.backlog.heard(conversation, seq);
      }),
      bus.observe({
        reached: (conversation, seq) => {
          this.backlog.heard(conversation, seq);
        },
        // The sweep is under way in any case.
        lost: () => undefined,
      }),
    );
    this.sweep.start();
    // What was being handled when the claim was lost last.
    this.wake();
  }

  private end(): void {
    this.tenure?.abort();
    this.tenure = null;
    this.unsubscribe();
    this.sweep.stop();
    this.backlog.clear();
    this.events.clear();
  }

  private unsubscribe(): void {
    for (const end of this.ends) end();
    this.ends = [];
    this.sweep.stop();
    this.parts.scheduler.cancel(this.turn);
    this.turn = null;
  }

  private get concurrency(): number {
    return this.handler.concurrency ?? CONCURRENCY;
  }

  private get breathMs(): number {
    return this.handler.breathMs ?? BREATH_MS;
  }

  private sweepEveryMs(): number {
    const { overflown } = this.backlog;
    this.backlog.forgetOverflow();
    return this.parts.bus.isLossless && !overflown ? CALM_SWEEP_EVERY_MS : SWEEP_EVERY_MS;
  }

  /** Whoever delivers the messages that wake it does not wait for it. */
  private wake(): void {
    if (this.turn !== null || this.working.size >= this.concurrency) return;
    this.turn = this.parts.scheduler.nextTurn(() => {
      this.turn = null;
      this.workOn();
    });
  }

  private workOn(): void {
    const { current } = this.claim;
    const signal = this.tenure?.signal;
    if (current === null || signal === undefined) return;
    while (this.working.size < this.concurrency && !signal.aborted) {
      const one = this.backlog.take();
      if (one === null) return;
      const work = this.work(one, current, signal).finally(() => {
        this.working.delete(work);
        this.workOn();
      });
      this.working.add(work);
    }
  }

  private async work(one: Followed, claim: Claim, signal: AbortSignal): Promise<void> {
    const { batch: limit = BATCH } = this.handler;
    try {
      await this.events.next(one, limit, signal, (batch) => this.bring(one, batch, claim, signal));
    } catch (error) {
      if (!signal.aborted) this.warn('follower-store-failed', one.conversation, error);
      this.backlog.again(one, RETRY_MS);
    }
  }

  /** @throws where the store fails, by rejection */
  private async bring(
    one: Followed,
    { from, events, head, at, isFull, isRead }: Batch,
    claim: Claim,
    signal: AbortSignal,
  ): Promise<void> {
    const { conversation } = one;
    const to = events.at(-1)?.seq;
    if (signal.aborted) {
      this.backlog.again(one, 0);
    } else if (to === undefined) {
      this.backlog.exhausted(one, from, head);
    } else if (await this.handle(one, events, signal, isRead)) {
      const isMoved = await this.writer.advance(claim, { conversation, from, to });
      if (!isMoved || isOver(signal)) {
        this.claim.doubt();
        this.backlog.again(one, RETRY_MS);
        return;
      }
      this.backlog.handled(one, to, isFull ? one.since : at, isFull ? 0 : this.breathMs);
    }
  }

  /** @returns whether the handler took them; else it is seen to that they come again */
  private async handle(
    one: Followed,
    events: readonly ChatEvent[],
    signal: AbortSignal,
    isRead: boolean,
  ): Promise<boolean> {
    try {
      await this.handler.handle(events, signal, isRead);
    } catch (error) {
      if (signal.aborted) {
        this.backlog.again(one, 0);
        return false;
      }
      this.counts.failures++;
      one.failures++;
      if (one.failures === 1) this.warn('follower-failed', one.conversation, error);
      this.backlog.again(one, this.backoffMs(one.failures, error));
      return false;
    }
    this.counts.handled += events.length;
    return true;
  }

  private backoffMs(failures: number, error: unknown): number {
    if (this.handler.backoffMs !== undefined) return this.handler.backoffMs(failures, error);
    const ms = Math.min(LAST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (failures - 1));
    // What failed together does not come back together.
    return ms * (0.8 + 0.4 * Math.random());
  }

  private warn(event: string, conversation: ConversationKey, error: unknown): void {
    this.logger.warn({ event, follower: this.name, conversation, error });
  }
}

/** Asked anew after a wait, which the compiler takes for no reason to. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
