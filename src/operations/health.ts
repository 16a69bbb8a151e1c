import { Injectable, Logger } from '@nestjs/common';
import {
  type Condition,
  type HealthIndicator,
  HealthIndicators,
} from '../kernel/health-indicators.js';
import { Meters } from '../kernel/metrics/meters.js';
import { Scheduler } from '../kernel/scheduler.js';
import { type Obstacle, Readiness } from './readiness.js';

const PATIENCE_MS = 2_000;

const SILENT: Condition = { ok: false, detail: { silent: true } };

/** The answer of the management port. */
export interface HealthReport {
  /** `degraded`: a part fails that the service can do without. */
  readonly status: 'ok' | 'degraded' | 'unavailable';
  readonly draining: boolean;
  /** What the service itself reports as in the way. */
  readonly obstacles: readonly Obstacle[];
  readonly checks: Readonly<Record<string, Check>>;
}

interface Check extends Condition {
  /** Whether `status` depends on it. */
  readonly needed: boolean;
}

/** Whether this node should be sent new clients, and why it should not. */
@Injectable()
export class Health {
  private readonly logger = new Logger(Health.name);
  private readonly failing = new Set<string>();
  private last: HealthReport | null = null;

  constructor(
    private readonly readiness: Readiness,
    private readonly indicators: HealthIndicators,
    private readonly scheduler: Scheduler,
    meters: Meters,
  ) {
    meters.gauge('parley_ready', '1 while new clients are welcome', () =>
      Number(this.last !== null && this.last.status !== 'unavailable'),
    );
    meters.gauge('parley_check_ok', '1 while a part is well, by part', {
      label: 'check',
      read: () =>
        new Map(Object.entries(this.last?.checks ?? {}).map(([name, { ok }]) => [name, +ok])),
    });
  }

  async status(): Promise<HealthReport['status']> {
    return this.readiness.ready ? (await this.report()).status : 'unavailable';
  }

  async report(): Promise<HealthReport> {
    const checks = Object.fromEntries(
      await Promise.all(
        this.indicators.all().map(async (one) => {
          const check: Check = { needed: one.needed, ...(await this.ask(one)) };
          return [one.name, check] as const;
        }),
      ),
    );
    const { obstacles } = this.readiness;
    this.last = {
      status: obstacles.length > 0 ? 'unavailable' : statusOf(Object.values(checks)),
      draining: obstacles.includes('stopping'),
      obstacles,
      checks,
    };
    return this.last;
  }

  /** One line when an indicator begins to fail, however often it is asked. */
  private async ask(indicator: HealthIndicator): Promise<Condition> {
    try {
      const condition = await this.scheduler.within(PATIENCE_MS, indicator.check(), () => SILENT);
      this.failing.delete(indicator.name);
      return condition;
    } catch (error) {
      if (!this.failing.has(indicator.name)) {
        this.logger.error({ event: 'check-failed', check: indicator.name, error });
      }
      this.failing.add(indicator.name);
      return { ok: false };
    }
  }
}

function statusOf(checks: readonly Check[]): HealthReport['status'] {
  if (checks.some(({ ok, needed }) => needed && !ok)) return 'unavailable';
  return checks.every(({ ok }) => ok) ? 'ok' : 'degraded';
}
