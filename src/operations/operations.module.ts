import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ChatModule } from '../chat/chat.module.js';
import { Clock } from '../kernel/clock.js';
import { accessLog } from './access-log.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';
import { StoreProbe } from './store-probe.js';

/** What those who run the service need of it: health, and a log of what was answered. */
@Module({
  imports: [ChatModule],
  controllers: [HealthController],
  providers: [Readiness, StoreProbe],
  exports: [Readiness],
})
export class OperationsModule {
  /**
   * Modules are made before anything is put in front of the routes. So the log stands first, and
   * sees also what is refused before it comes to a route.
   */
  constructor(host: HttpAdapterHost, clock: Clock) {
    host.httpAdapter.use(accessLog(clock));
  }
}
