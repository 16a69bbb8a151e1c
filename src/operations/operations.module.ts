import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ChatModule } from '../chat/chat.module.js';
import { HttpModule } from '../http/http.module.js';
import { Clock } from '../kernel/clock.js';
import { HealthIndicators } from '../kernel/health-indicators.js';
import { Meters } from '../kernel/metrics/meters.js';
import { Tally } from '../kernel/metrics/tally.js';
import { accessLog } from './access-log.js';
import { ClockMeter } from './clock-meter.js';
import { EventLoop } from './event-loop.js';
import { Health } from './health.js';
import { HealthController } from './health.controller.js';
import { ManagementServer } from './management-server.js';
import { Prometheus } from './prometheus.js';
import { Readiness } from './readiness.js';
import { StoreProbe } from './store-probe.js';

/** What operators need: health, metrics, and an access log. */
@Module({
  imports: [ChatModule, HttpModule],
  controllers: [HealthController],
  providers: [Readiness, StoreProbe, EventLoop, ClockMeter, Health, Prometheus, ManagementServer],
  exports: [Readiness],
})
export class OperationsModule {
  /**
   * Modules are constructed before any middleware is installed. So the log comes first, and also
   * sees what is refused before it reaches a route.
   */
  constructor(
    host: HttpAdapterHost,
    clock: Clock,
    meters: Meters,
    indicators: HealthIndicators,
    store: StoreProbe,
    eventLoop: EventLoop,
  ) {
    const answers = new Tally('class', [2, 3, 4, 5]);
    host.httpAdapter.use(accessLog(clock, answers));
    meters.counter('parley_http_answers_total', 'HTTP answers, by class of status', answers);
    indicators.add(store);
    indicators.add(eventLoop);
  }
}
