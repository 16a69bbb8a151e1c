import { Injectable } from '@nestjs/common';
import { SystemClock } from '../kernel/clock.js';
import { Meters } from '../kernel/metrics/meters.js';

/** How far this machine's own clock is off; 0 where the service goes by it. */
@Injectable()
export class ClockMeter {
  constructor(meters: Meters, clock: SystemClock) {
    meters.gauge(
      'parley_clock_ahead_seconds',
      "What this machine's clock is ahead of the database's, whose time is used",
      () => clock.aheadMs / 1_000,
    );
  }
}
