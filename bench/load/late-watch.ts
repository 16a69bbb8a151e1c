import { Histogram } from './histogram.js';
import type { Recorder } from './ledger.js';

/** How long deliveries took, and when the last one came that took long. */
export class LateWatch implements Recorder {
  readonly latency = new Histogram();
  /** In `performance.now()`; null where none was late. */
  lastLate: number | null = null;

  /** @param lateMs from when on a delivery is late */
  constructor(private readonly lateMs: number) {}

  record(ms: number, now: number): void {
    this.latency.record(ms);
    if (ms > this.lateMs) this.lastLate = now;
  }

  clear(): void {
    this.latency.clear();
    this.lastLate = null;
  }
}
