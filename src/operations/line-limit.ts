import type { Clock } from '../kernel/clock.js';
import { TokenBuckets } from '../kernel/limits/token-buckets.js';
import type { Scheduler, Timer } from '../kernel/scheduler.js';

/** Burst, in seconds' worth of lines: a thousand people connect in a moment. */
const BURST_SECONDS = 10;
/** More than the kinds of lines in the code. */
const MOST_KINDS = 1_024;
const TELL_EVERY_MS = 1_000;

/** Lines of one kind that were dropped since the last report. */
export interface DroppedLines {
  /** As passed to {@link LineLimit.admits}. */
  readonly kind: string;
  readonly count: number;
}

/**
 * Rate limit per kind of log line: what strangers can cause to be logged must not fill a disk, nor
 * drown everything else. Dropped lines are counted, and reported once a second.
 */
export class LineLimit {
  /** Lines dropped so far. */
  dropped = 0;
  private readonly buckets: TokenBuckets;
  private readonly untold = new Map<string, number>();
  private timer: Timer | null = null;

  /**
   * @param perSecond lines per kind; 0: no limit
   * @param tell must not call this limit again
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
   * @param kind one of those named in the code: never a client's choice
   * @returns whether to write it
   */
  admits(kind: string): boolean {
    if (this.buckets.take(kind) === 0) return true;
    this.dropped += 1;
    this.untold.set(kind, (this.untold.get(kind) ?? 0) + 1);
    this.timer ??= this.scheduler.after(TELL_EVERY_MS, this.tellAll);
    return false;
  }

  /** Reports what is not reported yet. Runs every second, and once more when the log ends. */
  readonly tellAll = (): void => {
    this.scheduler.cancel(this.timer);
    this.timer = null;
    for (const [kind, count] of this.untold) this.tell({ kind, count });
    this.untold.clear();
  };
}
