import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { AccessLogMiddleware } from './access-log.middleware.js';
import { HealthController } from './health.controller.js';
import { Readiness } from './readiness.js';
import { StoreProbe } from './store-probe.js';

/** What those who run the service need of it: health, logs, safe headers. */
@Module({
  controllers: [HealthController],
  providers: [Readiness, StoreProbe],
  exports: [Readiness],
})
export class OperationsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(AccessLogMiddleware).forRoutes('{*path}');
  }
}
