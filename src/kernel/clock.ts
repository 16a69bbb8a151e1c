/**
 * Where the service gets the time from. Injected, so that a test can hold or turn it.
 *
 * Wall-clock time stamps what people see; it may jump. Whatever measures a duration uses
 * {@link Clock.monotonic}, which never goes back.
 */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;

  /** Milliseconds from an arbitrary start, never decreasing. */
  abstract monotonic(): number;
}

/**
 * This machine's clock, until it is steered: from then on the wall-clock time is that of whoever
 * steers it, so that machines agree on it whose own clocks do not.
 */
export class SystemClock extends Clock {
  /** What the wall clock is ahead of the monotonic one (ms); null: as this machine has it. */
  private steered: number | null = null;
  /** What this machine's own clock was ahead when it was steered last (ms). */
  aheadMs = 0;

  override now(): number {
    return this.steered === null ? Date.now() : Math.floor(performance.now() + this.steered);
  }

  override monotonic(): number {
    return performance.now();
  }

  /** @param now what the wall-clock time is now (ms since the epoch) */
  steer(now: number): void {
    this.steered = now - performance.now();
    this.aheadMs = Date.now() - now;
  }
}
