import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { HealthIndicators } from './health-indicators.js';
import { Meters } from './metrics/meters.js';
import { Scheduler, SystemScheduler } from './scheduler.js';
import { Turn } from './turn.js';

/** Gives every house the clock, what puts work off, and the places where it can be watched. */
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
