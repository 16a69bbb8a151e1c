import { Histogram } from './histogram.js';
import type { Recorder } from './ledger.js';

const CALM_MS = 1_000;

/** Records how long deliveries took, and when the late ones came. */
export class LateWatch implements Recorder {
  readonly latency = new Histogram();
  /** When late ones came, by `performance.now()`. */
  private late: number[] = [];

  /** @param lateMs the latency from which on a delivery is late */
  constructor(private readonly lateMs: number) {}

  record(ms: number, now: number): void {
    this.latency.record(ms);
    if (ms > this.lateMs) this.late.push(now);
  }

  clear(): void {
    this.latency.clear();
    this.late = [];
  }

  /** @returns milliseconds from then to the last late one that a second without any follows */
  untilCalm(from: number): number {
    let end = from;
    for (const time of this.late) {
      if (time - end > CALM_MS) break;
      end = Math.max(end, time);
    }
    return end - from;
  }
}
