import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { HealthIndicators } from './health-indicators.js';
import { Meters } from './metrics/meters.js';
import { Turn } from './turn.js';

/** Gives every house the clock, and the places where it can be watched. */
@Global()
@Module({
  providers: [
    SystemClock,
    { provide: Clock, useExisting: SystemClock },
    Turn,
    Meters,
    HealthIndicators,
  ],
  exports: [SystemClock, Clock, Turn, Meters, HealthIndicators],
})
export class KernelModule {}
