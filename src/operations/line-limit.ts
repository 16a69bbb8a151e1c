import type { Clock } from '../kernel/clock.js';
import { TokenBuckets } from '../kernel/limits/token-buckets.js';
import type { Scheduler, Timer } from '../kernel/scheduler.js';

/** Seconds' worth of lines that may come at once: a thousand people connect in a moment. */
const BURST_SECONDS = 10;
/** More than the code has kinds of lines. */
const MOST_KINDS = 1_024;
const TELL_EVERY_MS = 1_000;

/** Lines of one kind that were counted and not written, since it was told last. */
export interface DroppedLines {
  /** As {@link LineLimit.admits} was given it. */
  readonly kind: string;
  readonly count: number;
}

/**
 * Bounds how many lines of each kind are logged: what strangers can cause to be written must not fill a
 * disk, nor hide what else happens. The rest is counted, and told once a second.
 */
export class LineLimit {
  /** Lines that were not written, so far. */
  dropped = 0;
  private readonly buckets: TokenBuckets;
  private readonly untold = new Map<string, number>();
  private timer: Timer | null = null;

  /**
   * @param perSecond lines of a kind; 0: no limit
   * @param tell must not ask this limit again
   */
  constructor(
    perSecond: number,
    clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly tell: (lines: DroppedLines) => void,
  ) {
    this.buckets = new TokenBuckets(clock, perSecond, perSecond * BURST_SECONDS, MOST_KINDS);
  }

  /**
   * Counts a line.
   * @param kind one of those that the code knows: never what a client can choose
   * @returns whether it is to be written
   */
  admits(kind: string): boolean {
    if (this.buckets.take(kind) === 0) return true;
    this.dropped += 1;
    this.untold.set(kind, (this.untold.get(kind) ?? 0) + 1);
    this.timer ??= this.scheduler.after(TELL_EVERY_MS, this.tellAll);
    return false;
  }

  /** Tells what was not told yet. Called by itself every second, and by whoever ends the log. */
  readonly tellAll = (): void => {
    this.scheduler.cancel(this.timer);
    this.timer = null;
    for (const [kind, count] of this.untold) this.tell({ kind, count });
    this.untold.clear();
  };
}
