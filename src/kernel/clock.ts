/**
 * The service's source of time. Injected, so that a test can stop or set it.
 *
 * Wall-clock time is for what people see; it may jump. Durations are measured by {@link
 * Clock.monotonic}, which never goes back.
 */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;

  /** Milliseconds from an arbitrary start, never decreasing. */
  abstract monotonic(): number;
}

/**
 * This machine's clock, until it is steered: from then on its wall-clock time follows that of the
 * caller of {@link steer}, so that machines agree whose own clocks do not.
 */
export class SystemClock extends Clock {
  /** Wall clock less monotonic clock (ms), as steered; null: as this machine has it. */
  private steered: number | null = null;
  /** How far this machine's own clock was ahead when last steered (ms). */
  aheadMs = 0;

  override now(): number {
    return this.steered === null ? Date.now() : Math.floor(performance.now() + this.steered);
  }

  override monotonic(): number {
    return performance.now();
  }

  /** @param now the wall-clock time at this moment (ms since the epoch) */
  steer(now: number): void {
    this.steered = now - performance.now();
    this.aheadMs = Date.now() - now;
  }
}
