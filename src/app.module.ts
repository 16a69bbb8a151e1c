import { type DynamicModule, Module } from '@nestjs/common';
import { AttachmentsModule } from './attachments/attachments.module.js';
import { NoAttachmentsModule, SettlementModule } from './attachments/settlement.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ChatModule } from './chat/chat.module.js';
import { ConfigModule } from './config/config.module.js';
import type { Settings } from './config/settings.js';
import { DocumentsModule } from './site/documents.module.js';
import { FilesModule } from './engines/files/files.module.js';
import { PostgresStoreModule } from './engines/postgres/postgres-store.module.js';
import { RedisNodeModule } from './engines/redis/redis-node.module.js';
import { S3Module } from './engines/s3/s3.module.js';
import { SqliteStoreModule } from './engines/sqlite/sqlite-store.module.js';
import { SingleNodeModule } from './engines/memory/single-node.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { HistoryModule } from './history/history.module.js';
import { HttpModule } from './http/http.module.js';
import { KernelModule } from './kernel/kernel.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { PageModule } from './site/page.module.js';
import { PresenceModule } from './presence/presence.module.js';
import { RoomsModule } from './rooms/rooms.module.js';
import { SearchModule } from './search/search.module.js';

/** The composition root: the only place where an engine is bound to the ports. */
@Module({})
export class AppModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        KernelModule,
        ConfigModule.forRoot(settings),
        settings.databaseUrl === null ? SqliteStoreModule : PostgresStoreModule,
        settings.redis === null ? SingleNodeModule : RedisNodeModule,
        ...filesOf(settings),
        HttpModule,
        OperationsModule,
        AuthModule,
        ChatModule,
        PresenceModule,
        GatewayModule,
        HistoryModule,
        RoomsModule,
        SearchModule,
        MessagesModule,
        PageModule,
        DocumentsModule,
      ],
    };
  }
}

/** Where files lie, and the area that handles them. */
function filesOf({ attachments }: Settings) {
  if (attachments === null) return [NoAttachmentsModule];
  const store = attachments.engine === 's3' ? S3Module : FilesModule;
  return [store, SettlementModule, AttachmentsModule];
}
