import { Global, Module } from '@nestjs/common';
import { MessageBus } from '../../chat/log/message-bus.js';
import { HealthIndicators } from '../../kernel/health-indicators.js';
import { LimitExchange } from '../../kernel/limits/limit-exchange.js';
import { PresenceStore } from '../../presence/presence-store.js';
import { SignalBus } from '../../presence/signal-bus.js';
import { MemoryMessageBus } from './memory-message-bus.js';
import { MemoryPresenceStore } from './memory-presence-store.js';
import { MemorySignalBus } from './memory-signal-bus.js';
import { NoLimitExchange } from './no-limit-exchange.js';

/** Bus, presence, signals and limits of a single node: in memory, whatever the store. */
@Global()
@Module({
  providers: [
    { provide: MessageBus, useClass: MemoryMessageBus },
    { provide: PresenceStore, useClass: MemoryPresenceStore },
    { provide: SignalBus, useClass: MemorySignalBus },
    { provide: LimitExchange, useClass: NoLimitExchange },
  ],
  exports: [MessageBus, PresenceStore, SignalBus, LimitExchange],
})
export class SingleNodeModule {
  constructor(indicators: HealthIndicators) {
    indicators.add({
      name: 'bus',
      needed: true,
      check: () => ({ ok: true, detail: { engine: 'in-process' } }),
    });
  }
}
