import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from './auth/auth.module.js';
import { ChatModule } from './chat/chat.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { DocumentsModule } from './documents/documents.module.js';
import { PostgresStoreModule } from './engines/distributed/postgres/postgres-store.module.js';
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

/** The whole house. Only here an engine is bound to the ports. */
@Module({})
export class AppModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        KernelModule,
        ConfigModule.forRoot(settings),
        settings.databaseUrl === null ? EmbeddedStoreModule : PostgresStoreModule,
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
