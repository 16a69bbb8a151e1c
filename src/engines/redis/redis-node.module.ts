import {
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { MessageBus } from '../../chat/log/message-bus.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { HealthIndicators } from '../../kernel/health-indicators.js';
import { LimitExchange } from '../../kernel/limits/limit-exchange.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { PresenceStore } from '../../presence/presence-store.js';
import { SignalBus } from '../../presence/signal-bus.js';
import { RedisLimitExchange } from './redis-limit-exchange.js';
import { RedisLink } from './redis-link.js';
import { RedisMessageBus } from './redis-message-bus.js';
import { RedisPresenceStore } from './redis-presence-store.js';
import { RedisSignalBus } from './redis-signal-bus.js';

/** Bus, presence, signals and limits of one node of several, which share them through Redis. */
@Global()
@Module({
  providers: [
    {
      provide: RedisLink,
      inject: [SETTINGS, Scheduler],
      useFactory: ({ redis, jwtSecret }: Settings, scheduler: Scheduler) => {
        if (redis === null || jwtSecret === null) throw new Error('REDIS_URL is not set');
        return new RedisLink({ ...redis, secret: jwtSecret }, scheduler);
      },
    },
    {
      provide: RedisMessageBus,
      inject: [RedisLink, Scheduler],
      useFactory: (link: RedisLink, scheduler: Scheduler) => new RedisMessageBus(link, scheduler),
    },
    {
      provide: RedisPresenceStore,
      inject: [RedisLink, Scheduler],
      useFactory: (link: RedisLink, scheduler: Scheduler) =>
        new RedisPresenceStore(link, scheduler),
    },
    {
      provide: RedisLimitExchange,
      inject: [RedisLink, Scheduler],
      useFactory: (link: RedisLink, scheduler: Scheduler) =>
        new RedisLimitExchange(link, scheduler),
    },
    {
      provide: SignalBus,
      inject: [RedisLink, Clock],
      useFactory: (link: RedisLink, clock: Clock) => new RedisSignalBus(link, clock),
    },
    { provide: MessageBus, useExisting: RedisMessageBus },
    { provide: PresenceStore, useExisting: RedisPresenceStore },
    { provide: LimitExchange, useExisting: RedisLimitExchange },
  ],
  exports: [MessageBus, PresenceStore, SignalBus, LimitExchange],
})
export class RedisNodeModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly link: RedisLink,
    private readonly bus: RedisMessageBus,
    private readonly presence: RedisPresenceStore,
    private readonly limits: RedisLimitExchange,
    @Inject(SETTINGS) private readonly settings: Settings,
    indicators: HealthIndicators,
  ) {
    indicators.add({
      name: 'bus',
      needed: false,
      check: () => ({ ok: bus.isUp, detail: { engine: 'redis' } }),
    });
  }

  /**
   * Global modules come first: the link is up, or being retried, before any other area starts.
   * @throws SettingsError where Redis refuses
   */
  async onModuleInit(): Promise<void> {
    await this.link.start();
    await this.bus.start();
    await this.presence.start();
    await this.limits.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.presence.stop(this.settings.presenceGraceMs);
    this.limits.stop();
    this.bus.stop();
    this.link.close();
  }
}
