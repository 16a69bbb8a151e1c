import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { HealthIndicators } from './health-indicators.js';
import { Meters } from './metrics/meters.js';
import { Scheduler, SystemScheduler } from './scheduler.js';
import { Turn } from './turn.js';

/** Provides every area with the clock, the scheduler, and the registries of meters and health. */
@Global()
@Module({
  providers: [
    SystemClock,
    { provide: Clock, useExisting: SystemClock },
    { provide: Scheduler, useClass: SystemScheduler },
    Turn,
    Meters,
    HealthIndicators,
  ],
  exports: [SystemClock, Clock, Scheduler, Turn, Meters, HealthIndicators],
})
export class KernelModule {}
