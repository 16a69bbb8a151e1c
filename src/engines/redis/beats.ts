import { Distribution } from '../../kernel/metrics/distribution.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';

const BEAT_MS = 1_000;
const LAG_SECONDS = [
  0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5,
] as const;

export interface BeatHandler {
  /** Publishes a beat, which comes back as long as Redis answers. */
  readonly send: () => void;
  /** Beats no longer come back. */
  readonly silent: () => void;
}

/** Whether Redis brings back what this node publishes: a beat every second, and how long it took. */
export class Beats {
  /** Round-trip times of beats, in seconds; of several unanswered ones, the first. */
  readonly lags = new Distribution(LAG_SECONDS);
  private timer: Timer | null = null;
  /** Beats that have not come back, and when the first of them was sent (monotonic ms). */
  private unheard = 0;
  private unheardSince = 0;

  /** @param timeoutMs how long Redis may stay silent, give or take a beat */
  constructor(
    private readonly scheduler: Scheduler,
    private readonly timeoutMs: number,
    private readonly handler: BeatHandler,
  ) {}

  start(): void {
    this.unheard = 0;
    this.timer = this.scheduler.every(BEAT_MS, () => {
      this.beat();
    });
  }

  stop(): void {
    this.scheduler.cancel(this.timer);
    this.timer = null;
  }

  /** A beat has come back. */
  heard(): void {
    if (this.unheard > 0) this.lags.observe((performance.now() - this.unheardSince) / 1_000);
    this.unheard = 0;
  }

  /** Counts beats, not time: a suspended process first hears its own beats before it judges. */
  private beat(): void {
    if (this.unheard * BEAT_MS > this.timeoutMs) {
      this.handler.silent();
      return;
    }
    if (this.unheard === 0) this.unheardSince = performance.now();
    this.unheard++;
    this.handler.send();
  }
}
