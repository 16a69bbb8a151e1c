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

export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }

  override monotonic(): number {
    return performance.now();
  }
}
