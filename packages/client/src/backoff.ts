export interface BackoffOptions {
  /** Upper bound of the first delay, in milliseconds. */
  readonly base?: number;
  /** Upper bound of every delay, in milliseconds. */
  readonly cap?: number;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random?: () => number;
}

/**
 * Exponential back-off with full jitter: the delay before the next attempt is anything up to a
 * bound that doubles with each failure, so that thousands of clients of one restarted service come
 * back spread out.
 */
export class Backoff {
  private failures = 0;
  private readonly base: number;
  private readonly cap: number;
  private readonly random: () => number;

  constructor(options: BackoffOptions = {}) {
    this.base = options.base ?? 500;
    this.cap = options.cap ?? 30_000;
    this.random = options.random ?? Math.random;
  }

  /** Attempts that failed since the last {@link reset}. */
  get attempts(): number {
    return this.failures;
  }

  /**
   * Counts a failure.
   * @param suggested the service's own suggestion, in milliseconds: a lower bound that jitter never
   *   cuts, itself bounded by the cap
   * @returns milliseconds to wait
   */
  next(suggested = 0): number {
    const bound = Math.min(this.cap, this.base * 2 ** Math.min(this.failures, 30));
    this.failures += 1;
    return Math.min(this.cap, suggested + Math.floor(this.random() * bound));
  }

  reset(): void {
    this.failures = 0;
  }
}
