import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { ChatModule } from './chat/chat.module.js';
import { ConfigModule } from './config/config.module.js';
import { SettingsError } from './config/load.js';
import type { Settings } from './config/settings.js';
import { DocumentsModule } from './documents/documents.module.js';
import { RedisNodeModule } from './engines/distributed/redis/redis-node.module.js';
import { EmbeddedStoreModule } from './engines/embedded/embedded-store.module.js';
import { SingleNodeModule } from './engines/embedded/single-node.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { HistoryModule } from './history/history.module.js';
import { HttpModule } from './http/http.module.js';
import { KernelModule } from './kernel/kernel.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { PageModule } from './page/page.module.js';
import { PresenceModule } from './presence/presence.module.js';

/** What may be set and is not built yet: nothing falls back in silence. */
function refuseWhatIsMissing(settings: Settings): void {
  const faults: string[] = [];
  if (settings.databaseUrl !== null) {
    faults.push('DATABASE_URL: this version has the embedded database only; leave it unset');
  }
  if (settings.managementPort !== null) {
    faults.push('MANAGEMENT_PORT: this version has no management port; leave it unset');
  }
  if (faults.length > 0) throw new SettingsError(faults);
}

/** The whole house. Only here an engine is bound to the ports. */
@Module({})
export class AppModule {
  /** @throws SettingsError where the settings ask for an engine that is not there */
  static forRoot(settings: Settings): DynamicModule {
    refuseWhatIsMissing(settings);
    return {
      module: AppModule,
      imports: [
        KernelModule,
        ConfigModule.forRoot(settings),
        EmbeddedStoreModule,
        settings.redis === null ? SingleNodeModule : RedisNodeModule,
        HttpModule,
        OperationsModule,
        AuthModule,
        ChatModule,
        PresenceModule,
        GatewayModule,
        HistoryModule,
        PageModule,
        DocumentsModule,
      ],
    };
  }
}
