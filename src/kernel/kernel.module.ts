import { Global, Module } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { HealthIndicators } from './health-indicators.js';
import { Meters } from './meters.js';

/** Gives every house the clock, and the places where it can be watched. */
@Global()
@Module({
  providers: [{ provide: Clock, useClass: SystemClock }, Meters, HealthIndicators],
  exports: [Clock, Meters, HealthIndicators],
})
export class KernelModule {}
