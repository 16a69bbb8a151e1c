import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';

const TICK_MS = 10;

/**
 * Admits catch-ups at a bounded rate, first come, first served: after a restart thousands come back
 * at once (thundering herd), and those who are here already must not feel it.
 */
@Injectable()
export class CatchUpGate implements OnApplicationShutdown {
  private readonly perTick: number;
  private credit: number;
  private waiting: (() => void)[] = [];
  private timer: Timer | null = null;

  constructor(
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.perTick = (settings.limits.resumeRate * TICK_MS) / 1_000;
    this.credit = Math.max(1, this.perTick);
  }

  onApplicationShutdown(): void {
    this.scheduler.cancel(this.timer);
  }

  /** Catch-ups in the queue. */
  get length(): number {
    return this.waiting.length;
  }

  /** Resolves when the caller is admitted. */
  enter(): Promise<void> {
    if (this.perTick === 0) return Promise.resolve();
    this.timer ??= this.scheduler.every(TICK_MS, () => {
      this.tick();
    });
    // If anybody waits, no credit is left.
    if (this.credit >= 1) {
      this.credit--;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private tick(): void {
    this.credit += this.perTick;
    const admitted = this.waiting.splice(0, Math.floor(this.credit));
    this.credit -= admitted.length;
    for (const admit of admitted) admit();
    const most = Math.max(1, this.perTick);
    // While some wait, the fraction of credit left over is kept, so that the rate is exact.
    if (this.waiting.length > 0 || this.credit < most) return;
    this.credit = most;
    this.scheduler.cancel(this.timer);
    this.timer = null;
  }
}
