import type { Clock } from '../../src/kernel/clock.js';
import { Scheduler, type Timer } from '../../src/kernel/scheduler.js';

/** Far more than any test schedules: work that reschedules itself at once would run for ever. */
const MOST_RUNS = 100_000;

interface Entry extends Timer {
  due: number;
  /** Null where it runs once. */
  readonly periodMs: number | null;
  readonly run: () => void;
}

/**
 * A test's clock and scheduler: time stands still until the test moves it.
 *
 * @example
 * const clock = new HandClock();
 * const gate = new CatchUpGate(clock, settings);
 * clock.advance(10);
 */
export class HandClock extends Scheduler implements Clock {
  /** The monotonic time. Setting it directly runs nothing, as while the service is busy. */
  time = 0;
  private entries: Entry[] = [];

  /** @param epoch the wall-clock time at time 0 (ms since the epoch) */
  constructor(public epoch = 0) {
    super();
  }

  now(): number {
    return this.epoch + this.time;
  }

  monotonic(): number {
    return this.time;
  }

  override after(ms: number, run: () => void): Timer {
    return this.add(this.time + Math.max(0, ms), null, run);
  }

  override every(ms: number, run: () => void): Timer {
    return this.add(this.time + ms, ms, run);
  }

  /** Runs before everything else that is due. */
  override nextTurn(run: () => void): Timer {
    return this.add(Number.NEGATIVE_INFINITY, null, run);
  }

  override cancel(timer: Timer | null): void {
    timer?.[Symbol.dispose]();
  }

  /** The number of pending timers. */
  get waiting(): number {
    return this.entries.length;
  }

  /** Lets this many milliseconds pass: what becomes due runs in order, each at its time. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (let runs = 0; this.runNext(end); runs++) {
      if (runs > MOST_RUNS) throw new Error('what runs puts itself off for ever');
    }
    this.time = Math.max(this.time, end);
  }

  /** The same in steps, between which promises settle: for code that awaits before it goes on. */
  async pass(ms: number, stepMs = ms): Promise<void> {
    const end = this.time + ms;
    do {
      this.advance(Math.max(0, Math.min(stepMs, end - this.time)));
      await settled();
    } while (this.time < end);
  }

  private add(due: number, periodMs: number | null, run: () => void): Timer {
    const entry: Entry = {
      due,
      periodMs,
      run,
      [Symbol.dispose]: () => {
        this.entries = this.entries.filter((one) => one !== entry);
      },
    };
    this.entries.push(entry);
    return entry;
  }

  /** @returns false where nothing is due by then */
  private runNext(end: number): boolean {
    // Of those due at the same time, the one scheduled first.
    const [next] = this.entries.toSorted((one, other) => one.due - other.due);
    if (next === undefined || next.due > end) return false;
    this.time = Math.max(this.time, next.due);
    this.cancel(next);
    if (next.periodMs !== null) {
      next.due = this.time + next.periodMs;
      this.entries.push(next);
    }
    next.run();
    return true;
  }
}

/** Resolves when everything that waits for promises only has settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
