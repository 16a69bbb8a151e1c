import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HealthIndicator, HealthIndicators } from '../kernel/health-indicators.js';
import { Meters } from '../kernel/metrics/meters.js';
import { Health } from './health.js';
import { Readiness } from './readiness.js';
import { HandClock } from '../../test/support/hand-clock.js';

let clock: HandClock;

function healthOf(...indicators: readonly HealthIndicator[]): Health {
  clock = new HandClock();
  const all = new HealthIndicators();
  for (const indicator of indicators) all.add(indicator);
  return new Health(new Readiness(), all, clock, new Meters());
}

const well: HealthIndicator = { name: 'store', needed: true, check: () => ({ ok: true }) };

describe('Health', () => {
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  afterAll(() => {
    Logger.overrideLogger(true);
  });

  it('is unavailable where something needed is not well, and says what', async () => {
    const check = () => Promise.resolve({ ok: false, detail: { lag_ms: 7 } });
    const report = await healthOf(well, { name: 'bus', needed: true, check }).report();
    expect(report).toEqual({
      status: 'unavailable',
      draining: false,
      obstacles: [],
      checks: {
        store: { needed: true, ok: true },
        bus: { needed: true, ok: false, detail: { lag_ms: 7 } },
      },
    });
  });

  it('tells of what is not needed, and is ready all the same', async () => {
    const health = healthOf(well, { name: 'queue', needed: false, check: () => ({ ok: false }) });
    expect(await health.status()).toBe('degraded');
    expect((await health.report()).checks['queue']).toEqual({ needed: false, ok: false });
  });

  it('takes an error for not well, and keeps it to itself', async () => {
    const check = () => Promise.reject(new Error('canary'));
    const report = await healthOf({ name: 'store', needed: true, check }).report();
    expect(report.checks['store']).toEqual({ needed: true, ok: false });
  });

  it('takes two seconds of silence for not well', async () => {
    const check = () => new Promise<never>(() => undefined);
    const report = healthOf({ name: 'store', needed: true, check }).report();
    clock.advance(2_000);
    expect((await report).checks['store']).toMatchObject({ ok: false, detail: { silent: true } });
  });

  it('knows a part by one name only', () => {
    expect(() => healthOf(well, well)).toThrow('store is watched twice');
  });
});
