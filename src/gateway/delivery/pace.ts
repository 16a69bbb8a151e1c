import type { Clock } from '../../kernel/clock.js';
import type { Timer } from '../../kernel/scheduler.js';
import type { Turn } from '../../kernel/turn.js';

/** Upper bound on added latency: imperceptible, yet it halves CPU in a busy room. */
const LONGEST_DELAY_MS = 10;
/** Below this a timer costs more than it saves. */
const SHORTEST_DELAY_MS = 0.5;
/** The delay, in durations of a flush: most of the time is left to other work. */
const COSTS_TO_WAIT = 4;
/** Flushes after which a busy hub probes whether waiting would batch anything. */
const PROBE_EVERY = 16;
/** Average messages per flush from which on waiting pays. */
const WORTHWHILE = 1.25;
/** Weight of the latest flush in the moving average. */
const WEIGHT = 0.25;

/**
 * Decides when the hub flushes: at once while it is quiet; a little later while messages keep
 * coming and flushes are costly, so that several messages share one write per member. The delay
 * adapts to a flush's duration and to whether waiting batches anything, and never exceeds 10 ms.
 */
export class Pace {
  private delay = 0;
  private lastEnd = Number.NEGATIVE_INFINITY;
  /** Messages per flush: rises at once, decays slowly. */
  private gathered = 1;
  private lone = 0;
  /** The requested flush. */
  private next: Timer | null = null;
  /** A flush follows the running code. */
  private isNext = false;
  /** The flush that may wait. */
  private lazy: Timer | null = null;
  private lazyDue = Number.POSITIVE_INFINITY;

  constructor(
    private readonly clock: Clock,
    private readonly turn: Turn,
    private readonly flush: () => number,
  ) {}

  /** Requests a flush. Calls are coalesced until it comes. */
  request(): void {
    // Neither a timer nor the turn's end comes while the turn lasts.
    if (this.turn.isLong()) {
      this.runNext();
      return;
    }
    if (this.isRequested) return;
    const wait = this.delay - (this.clock.monotonic() - this.lastEnd);
    const { scheduler } = this.turn;
    this.next =
      wait < SHORTEST_DELAY_MS ? scheduler.nextTurn(this.run) : scheduler.after(wait, this.run);
  }

  /** Requests a flush within this time; any earlier flush will do. */
  requestWithin(ms: number): void {
    if (this.isRequested) return;
    const due = this.clock.monotonic() + ms;
    if (due >= this.lazyDue) return;
    this.turn.scheduler.cancel(this.lazy);
    this.lazyDue = due;
    this.lazy = this.turn.scheduler.after(ms, this.run);
  }

  /** Flushes now. */
  readonly run = (): void => {
    this.cancel();
    const start = this.clock.monotonic();
    const carried = this.flush();
    this.lastEnd = this.clock.monotonic();
    this.adapt(carried, this.lastEnd - start);
  };

  cancel(): void {
    const { scheduler } = this.turn;
    if (this.next !== null) scheduler.cancel(this.next);
    if (this.lazy !== null) scheduler.cancel(this.lazy);
    this.next = null;
    this.lazy = null;
    this.lazyDue = Number.POSITIVE_INFINITY;
    this.isNext = false;
  }

  private get isRequested(): boolean {
    return this.next !== null || this.isNext;
  }

  private runNext(): void {
    if (this.isNext) return;
    this.isNext = true;
    queueMicrotask(() => {
      if (this.isNext) this.run();
    });
  }

  private adapt(carried: number, cost: number): void {
    if (carried === 0) return;
    const worthwhile = Math.min(LONGEST_DELAY_MS, COSTS_TO_WAIT * cost);
    if (this.delay === 0) {
      this.gathered = carried;
      this.lone = carried > 1 ? 0 : this.lone + 1;
      if (this.lone > 0 && this.lone % PROBE_EVERY > 0) return;
      this.delay = worthwhile;
    } else {
      const more = carried - this.gathered;
      this.gathered += more > 0 ? more : more * WEIGHT;
      this.delay = this.gathered > WORTHWHILE ? worthwhile : 0;
    }
  }
}
