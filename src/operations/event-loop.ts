import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { Condition, HealthIndicator } from '../kernel/health-indicators.js';
import { Scheduler, type Timer } from '../kernel/scheduler.js';

const LOOK_EVERY_MS = 1_000;
/** From here on people notice, and heartbeats are late. */
const TOO_LATE_MS = 1_000;
const RESOLUTION_MS = 10;
const NS_PER_MS = 1_000_000;

/** Event loop delay: the worst of the last second or two. */
@Injectable()
export class EventLoop implements HealthIndicator, OnApplicationBootstrap, OnApplicationShutdown {
  readonly name = 'event_loop';
  readonly needed = false;
  private readonly delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private timer: Timer | null = null;
  private before = 0;

  constructor(
    private readonly scheduler: Scheduler,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Measuring wakes the process a hundred times a second: only where somebody can ask. */
  onApplicationBootstrap(): void {
    if (this.settings.managementPort === null) return;
    this.delays.enable();
    this.timer = this.scheduler.every(LOOK_EVERY_MS, () => {
      this.before = this.delays.max;
      this.delays.reset();
    });
  }

  onApplicationShutdown(): void {
    this.scheduler.cancel(this.timer);
    this.delays.disable();
  }

  check(): Condition {
    const worst = Math.max(this.before, this.delays.max) / NS_PER_MS - RESOLUTION_MS;
    const delay = Math.round(Math.max(0, worst) * 10) / 10;
    return { ok: delay < TOO_LATE_MS, detail: { delay_ms: delay } };
  }
}
