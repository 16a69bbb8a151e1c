const LEAST_MS = 0.01;
const GROWTH = Math.log(1.01);
const BUCKETS = 2_000;

/** Durations in buckets 1% wide, from 10 µs to over an hour. */
export class Histogram {
  private readonly buckets = new Uint32Array(BUCKETS);
  private count = 0;
  private highest = 0;

  record(ms: number): void {
    const bucket = ms <= LEAST_MS ? 0 : Math.ceil(Math.log(ms / LEAST_MS) / GROWTH);
    const index = Math.min(bucket, BUCKETS - 1);
    this.buckets[index] = (this.buckets[index] ?? 0) + 1;
    this.count += 1;
    if (ms > this.highest) this.highest = ms;
  }

  clear(): void {
    this.buckets.fill(0);
    this.count = 0;
    this.highest = 0;
  }

  /** @returns milliseconds, or NaN where nothing was recorded */
  percentile(percent: number): number {
    const rank = Math.ceil((this.count * percent) / 100);
    let seen = 0;
    for (const [index, size] of this.buckets.entries()) {
      seen += size;
      if (size > 0 && seen >= rank) {
        return Math.min(LEAST_MS * Math.exp(index * GROWTH), this.highest);
      }
    }
    return Number.NaN;
  }

  /** The number of durations recorded. */
  get size(): number {
    return this.count;
  }

  get max(): number {
    return this.highest;
  }
}
