import type { ProcessMeter } from './process-meter.js';

const LOOK_MS = 50;

/** Tracks a process's resident memory from here on. */
export class MemoryWatch {
  readonly first: number;
  peak: number;
  private readonly timer: NodeJS.Timeout;

  constructor(meter: ProcessMeter) {
    this.first = meter.rssBytes();
    this.peak = this.first;
    this.timer = setInterval(() => {
      this.peak = Math.max(this.peak, meter.rssBytes());
    }, LOOK_MS);
  }

  /** In bytes. */
  stop(): { readonly first: number; readonly peak: number } {
    clearInterval(this.timer);
    const { first, peak } = this;
    return { first, peak };
  }
}
