import type { Clock } from './clock.js';

/** A little less than one token: what is earned is a fraction, and fractions are rounded. */
const ONE = 1 - 1e-6;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * A token bucket per key: each key may spend `burst` at once and earns `ratePerSecond` back.
 *
 * Memory is bounded: at most `capacity` keys are kept. Where a new key finds no room, the key that
 * was touched longest ago is forgotten, which gives it a full bucket.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: Clock,
    private readonly ratePerSecond: number,
    private readonly burst: number,
    private readonly capacity = 100_000,
  ) {}

  /** Spends one token. @returns 0, or the milliseconds until there will be one */
  take(key: string): number {
    if (this.ratePerSecond === 0) return 0;
    const now = this.clock.monotonic();
    const bucket = this.touch(key, now);
    this.refill(bucket, now);
    const wait = this.waitOf(bucket);
    if (wait === 0) bucket.tokens -= 1;
    return wait;
  }

  /** Spends nothing. @returns what {@link take} would return */
  peek(key: string): number {
    const bucket = this.buckets.get(key);
    if (this.ratePerSecond === 0 || !bucket) return 0;
    this.refill(bucket, this.clock.monotonic());
    return this.waitOf(bucket);
  }

  /** Takes what was spent elsewhere. It may owe up to a whole bucket then, and no more. */
  debit(key: string, tokens: number): void {
    if (this.ratePerSecond === 0) return;
    const now = this.clock.monotonic();
    const bucket = this.touch(key, now);
    this.refill(bucket, now);
    bucket.tokens = Math.max(-this.burst, bucket.tokens - Math.max(0, tokens));
  }

  /** What is left in a bucket, as of when it was last touched; a key that is not kept has all. */
  tokensOf(key: string): number {
    return this.buckets.get(key)?.tokens ?? this.burst;
  }

  /** Gives a key its full bucket back. */
  reset(key: string): void {
    this.buckets.delete(key);
  }

  /** Keys that are kept now. */
  get size(): number {
    return this.buckets.size;
  }

  private refill(bucket: Bucket, now: number): void {
    const earned = ((now - bucket.filledAt) / 1000) * this.ratePerSecond;
    bucket.tokens = Math.min(this.burst, bucket.tokens + earned);
    bucket.filledAt = now;
  }

  private waitOf(bucket: Bucket): number {
    if (bucket.tokens >= ONE) return 0;
    return Math.ceil(((1 - bucket.tokens) / this.ratePerSecond) * 1000);
  }

  private touch(key: string, now: number): Bucket {
    const known = this.buckets.get(key);
    if (known) {
      this.buckets.delete(key);
      this.buckets.set(key, known);
      return known;
    }
    if (this.buckets.size >= this.capacity) {
      const oldest = this.buckets.keys().next();
      if (oldest.done !== true) this.buckets.delete(oldest.value);
    }
    const fresh = { tokens: this.burst, filledAt: now };
    this.buckets.set(key, fresh);
    return fresh;
  }
}
