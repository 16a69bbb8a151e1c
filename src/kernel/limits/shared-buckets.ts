import type { Clock } from '../clock.js';
import type { LimitExchange, LimitScope } from './limit-exchange.js';
import { TokenBuckets } from './token-buckets.js';

export interface SharedLimit {
  readonly scope: LimitScope;
  readonly perSecond: number;
  readonly burst: number;
  /** Spending is told once a bucket is emptier than this share of it; 1: all spending. */
  readonly tellBelow: number;
}

/**
 * Token buckets whose keys spend on several nodes. Each node decides by its own buckets alone;
 * spending elsewhere is debited from them a moment later. So nobody waits for another node: over
 * all nodes a key gets `perSecond` in the long run, and in a burst up to `burst` on each.
 */
export class SharedBuckets {
  private readonly buckets: TokenBuckets;
  private readonly threshold: number;

  constructor(
    clock: Clock,
    private readonly exchange: LimitExchange,
    private readonly limit: SharedLimit,
  ) {
    this.buckets = new TokenBuckets(clock, limit.perSecond, limit.burst);
    this.threshold = limit.burst * limit.tellBelow;
    exchange.hear(limit.scope, (key, amount) => {
      this.buckets.debit(key, amount);
    });
  }

  /** @see TokenBuckets.take */
  take(key: string, cost = 1): number {
    const wait = this.buckets.take(key, cost);
    if (wait === 0) this.tellSpent(key, cost);
    return wait;
  }

  /** Debits what something turned out to cost, even into debt. */
  charge(key: string, tokens: number): void {
    this.buckets.debit(key, tokens);
    this.tellSpent(key, tokens);
  }

  /** @see TokenBuckets.peek */
  peek(key: string): number {
    return this.buckets.peek(key);
  }

  /** On this node only: elsewhere the bucket refills by itself. */
  reset(key: string): void {
    this.buckets.reset(key);
  }

  private tellSpent(key: string, tokens: number): void {
    if (tokens > 0 && this.buckets.tokensOf(key) < this.threshold) {
      this.exchange.tell(this.limit.scope, key, tokens);
    }
  }
}
