import { Global, Module } from '@nestjs/common';
import { MessageBus } from '../../chat/message-bus.js';
import { HealthIndicators } from '../../kernel/health-indicators.js';
import { PresenceStore } from '../../presence/presence-store.js';
import { LocalMessageBus } from './local-message-bus.js';
import { MemoryPresenceStore } from './memory-presence-store.js';

/** Bus and presence of a node that is alone: both live in the process, whatever the store. */
@Global()
@Module({
  providers: [
    { provide: MessageBus, useClass: LocalMessageBus },
    { provide: PresenceStore, useClass: MemoryPresenceStore },
  ],
  exports: [MessageBus, PresenceStore],
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
