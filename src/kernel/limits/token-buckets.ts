import type { Clock } from '../clock.js';

/** Earned tokens are fractions, and fractions are rounded. */
const ROUNDING = 1e-6;
/** A key touched again within this time is not moved to the end of the eviction order. */
const MOVE_EVERY_MS = 1_000;

interface Bucket {
  tokens: number;
  filledAt: number;
  /** When the key was last moved to the end of the eviction order. */
  movedAt: number;
}

/**
 * A token bucket per key: each key may spend `burst` at once and earns `ratePerSecond` back.
 *
 * Memory is bounded: at `capacity` keys, a new one evicts the least recently used (to a second),
 * which gives that key a full bucket.
 */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: Clock,
    private readonly ratePerSecond: number,
    private readonly burst: number,
    private readonly capacity = 100_000,
  ) {}

  /**
   * Spends tokens if there are enough. What costs more than the burst takes a full bucket, and owes
   * the rest.
   * @returns 0, or the milliseconds until there will be enough; nothing was spent then
   */
  take(key: string, cost = 1): number {
    if (this.ratePerSecond === 0 || cost === 0) return 0;
    const now = this.clock.monotonic();
    const bucket = this.touch(key, now);
    this.refill(bucket, now);
    const wait = this.waitOf(bucket, cost);
    if (wait === 0) this.spend(bucket, cost);
    return wait;
  }

  /** Spends nothing. @returns what {@link take} would return */
  peek(key: string): number {
    const bucket = this.buckets.get(key);
    if (this.ratePerSecond === 0 || !bucket) return 0;
    this.refill(bucket, this.clock.monotonic());
    return this.waitOf(bucket, 1);
  }

  /** Debits what is spent already, or elsewhere. Debt is capped at one whole bucket. */
  debit(key: string, tokens: number): void {
    if (this.ratePerSecond === 0) return;
    const now = this.clock.monotonic();
    const bucket = this.touch(key, now);
    this.refill(bucket, now);
    this.spend(bucket, Math.max(0, tokens));
  }

  /** The tokens left when the bucket was last touched; an unknown key has a full one. */
  tokensOf(key: string): number {
    return this.buckets.get(key)?.tokens ?? this.burst;
  }

  /** Refills a key's bucket. */
  reset(key: string): void {
    this.buckets.delete(key);
  }

  /** Keys held now. */
  get size(): number {
    return this.buckets.size;
  }

  private refill(bucket: Bucket, now: number): void {
    const earned = ((now - bucket.filledAt) / 1000) * this.ratePerSecond;
    bucket.tokens = Math.min(this.burst, bucket.tokens + earned);
    bucket.filledAt = now;
  }

  private spend(bucket: Bucket, tokens: number): void {
    bucket.tokens = Math.max(-this.burst, bucket.tokens - tokens);
  }

  private waitOf(bucket: Bucket, cost: number): number {
    const needed = Math.min(cost, this.burst);
    if (bucket.tokens >= needed - ROUNDING) return 0;
    return Math.ceil(((needed - bucket.tokens) / this.ratePerSecond) * 1000);
  }

  private touch(key: string, now: number): Bucket {
    const known = this.buckets.get(key);
    if (known) {
      if (now - known.movedAt < MOVE_EVERY_MS) return known;
      known.movedAt = now;
      this.buckets.delete(key);
      this.buckets.set(key, known);
      return known;
    }
    if (this.buckets.size >= this.capacity) {
      const oldest = this.buckets.keys().next();
      if (oldest.done !== true) this.buckets.delete(oldest.value);
    }
    const fresh = { tokens: this.burst, filledAt: now, movedAt: now };
    this.buckets.set(key, fresh);
    return fresh;
  }
}
