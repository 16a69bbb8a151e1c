import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AuthModule } from '../../src/auth/auth.module.js';
import { GuestStore } from '../../src/auth/accounts/guest-store.js';
import { SessionStore } from '../../src/auth/sessions/session-store.js';
import { UserStore } from '../../src/auth/accounts/user-store.js';
import { listen } from '../../src/bootstrap.js';
import { ChatModule } from '../../src/chat/chat.module.js';
import { ConversationStore } from '../../src/chat/conversations/conversation-store.js';
import { RoomStore } from '../../src/chat/conversations/room-store.js';
import { EventLog } from '../../src/chat/log/event-log.js';
import { MessageStore } from '../../src/chat/log/message-store.js';
import { MarkStore } from '../../src/chat/marks/mark-store.js';
import { Attachables } from '../../src/chat/messages/changing/attachables.js';
import { NoAttachables } from '../../src/attachments/own-attachments.js';
import { ThreadStore } from '../../src/chat/marks/thread-store.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadSettings } from '../../src/config/load.js';
import { RedisLink } from '../../src/engines/redis/redis-link.js';
import { RedisNodeModule } from '../../src/engines/redis/redis-node.module.js';
import { SqliteStoreModule } from '../../src/engines/sqlite/sqlite-store.module.js';
import { GatewayAdapter } from '../../src/gateway/commands/gateway.adapter.js';
import { GatewayModule } from '../../src/gateway/gateway.module.js';
import { HistoryModule } from '../../src/history/history.module.js';
import { configureHttp } from '../../src/http/configure.js';
import { DirectExpressAdapter } from '../../src/http/express-adapter.js';
import { HttpModule } from '../../src/http/http.module.js';
import { KernelModule } from '../../src/kernel/kernel.module.js';
import { JsonLogger } from '../../src/operations/logger.js';
import { OperationsModule } from '../../src/operations/operations.module.js';
import { PresenceModule } from '../../src/presence/presence.module.js';
import { atEnd } from './leftovers.js';
import type { Place } from './people.js';
import type { RedisPlace } from './redis.js';
import { LINK_SECRET } from './redis-link.js';
import { temporaryFolder, TEST_ENVIRONMENT } from './service.js';

/** One of several services over one store and one Redis. */
export interface Node extends Place {
  readonly app: INestApplication;
  readonly link: RedisLink;
}

@Module({})
class Home {}

@Module({})
class SharedStoreModule {}

@Module({})
class NodeModule {}

const running = new Set<INestApplication>();

atEnd(async () => {
  const apps = [...running];
  running.clear();
  for (const app of apps) await app.close();
});

/**
 * The nodes' shared store: an embedded one, which is as good as a server for nodes within one
 * process. What two processes do to a database has tests of its own.
 */
export class SharedStore {
  static async open(): Promise<SharedStore> {
    const settings = loadSettings({ ...TEST_ENVIRONMENT, DATA_DIR: temporaryFolder() });
    const home = {
      module: Home,
      imports: [KernelModule, ConfigModule.forRoot(settings), SqliteStoreModule],
    };
    const app = await NestFactory.createApplicationContext(home, { logger: false });
    return new SharedStore(app);
  }

  private constructor(
    private readonly home: Awaited<ReturnType<typeof NestFactory.createApplicationContext>>,
  ) {
    // Closed after all nodes: clean-ups run in reverse order.
    running.add(home as INestApplication);
  }

  get log(): EventLog {
    return this.home.get(EventLog, { strict: false });
  }

  get conversations(): ConversationStore {
    return this.home.get(ConversationStore, { strict: false });
  }

  get rooms(): RoomStore {
    return this.home.get(RoomStore, { strict: false });
  }

  get messages(): MessageStore {
    return this.home.get(MessageStore, { strict: false });
  }

  get marks(): MarkStore {
    return this.home.get(MarkStore, { strict: false });
  }

  get threads(): ThreadStore {
    return this.home.get(ThreadStore, { strict: false });
  }

  get users(): UserStore {
    return this.home.get(UserStore, { strict: false });
  }

  get guests(): GuestStore {
    return this.home.get(GuestStore, { strict: false });
  }

  get sessions(): SessionStore {
    return this.home.get(SessionStore, { strict: false });
  }
}

/** @param redis each node may have a link of its own to the one Redis */
export async function startNode(
  store: SharedStore,
  redis: RedisPlace,
  env: Readonly<Record<string, string>> = {},
): Promise<Node> {
  const settings = loadSettings({
    ...TEST_ENVIRONMENT,
    LOG_LEVEL: 'silent',
    PORT: '0',
    JWT_SECRET: LINK_SECRET,
    DATABASE_URL: 'postgres://shared.example/parley',
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    REDIS_TIMEOUT: '0.5',
    ...env,
  });
  const stores = {
    module: SharedStoreModule,
    global: true,
    providers: [
      { provide: EventLog, useValue: store.log },
      { provide: ConversationStore, useValue: store.conversations },
      { provide: RoomStore, useValue: store.rooms },
      { provide: MessageStore, useValue: store.messages },
      { provide: MarkStore, useValue: store.marks },
      { provide: ThreadStore, useValue: store.threads },
      { provide: Attachables, useClass: NoAttachables },
      { provide: UserStore, useValue: store.users },
      { provide: SessionStore, useValue: store.sessions },
      { provide: GuestStore, useValue: store.guests },
    ],
    exports: [
      ...[
        EventLog,
        ConversationStore,
        RoomStore,
        MessageStore,
        MarkStore,
        ThreadStore,
        Attachables,
        UserStore,
        SessionStore,
        GuestStore,
      ],
    ],
  };
  const areas = [KernelModule, ConfigModule.forRoot(settings), stores, RedisNodeModule, HttpModule];
  const rooms = [
    OperationsModule,
    AuthModule,
    ChatModule,
    PresenceModule,
    GatewayModule,
    HistoryModule,
  ];
  const whole = { module: NodeModule, imports: [...areas, ...rooms] };
  const app = await NestFactory.create<NestExpressApplication>(
    whole,
    new DirectExpressAdapter(settings),
    {
      abortOnError: false,
      logger: new JsonLogger(settings.logLevel),
      bodyParser: false,
    },
  );
  configureHttp(app, settings);
  app.useWebSocketAdapter(app.get(GatewayAdapter));
  const url = await listen(app, settings);
  running.add(app);
  return {
    app,
    url,
    wsUrl: `${url.replace('http', 'ws')}/chat`,
    link: app.get(RedisLink, { strict: false }),
  };
}

export async function stopNode(node: Node): Promise<void> {
  running.delete(node.app);
  await node.app.close();
}
