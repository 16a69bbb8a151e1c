import { Global, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { GuestStore } from '../../auth/accounts/guest-store.js';
import { SessionStore } from '../../auth/sessions/session-store.js';
import { UserStore } from '../../auth/accounts/user-store.js';
import { AttachmentStore } from '../../attachments/attachment-store.js';
import { ConversationStore } from '../../chat/conversations/conversation-store.js';
import { RoomStore } from '../../chat/conversations/room-store.js';
import { FollowerCursors } from '../../chat/feed/follower-cursors.js';
import { EventLog } from '../../chat/log/event-log.js';
import { MessageStore } from '../../chat/log/message-store.js';
import { MarkStore } from '../../chat/marks/mark-store.js';
import { ThreadStore } from '../../chat/marks/thread-store.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock, SystemClock } from '../../kernel/clock.js';
import { SearchIndex } from '../../search/search-index.js';
import { SqlAttachmentStore } from '../sql/sql-attachment-store.js';
import { SqlConversationStore } from '../sql/sql-conversation-store.js';
import { SqlMessageStore } from '../sql/sql-message-store.js';
import { SqlRoomStore } from '../sql/sql-room-store.js';
import { SqlGuestStore } from '../sql/sql-guest-store.js';
import { SqlSessionStore } from '../sql/sql-session-store.js';
import { SqlThreadStore } from '../sql/sql-thread-store.js';
import { SqlUserStore } from '../sql/sql-user-store.js';
import { DatabaseClock } from './database-clock.js';
import { removeAccounts } from './account-remover.js';
import { PostgresDatabase } from './postgres-database.js';
import { PostgresEventLog } from './postgres-event-log.js';
import { PostgresFollowerCursors } from './postgres-follower-cursors.js';
import { PostgresMarkStore } from './postgres-mark-store.js';
import { PostgresSearchIndex } from './postgres-search-index.js';
import { storableRef } from './storable-ref.js';

/** The stores that several nodes share: PostgreSQL. */
@Global()
@Module({
  providers: [
    {
      provide: PostgresDatabase,
      inject: [SETTINGS],
      useFactory: ({ databaseUrl, ...settings }: Settings) => {
        if (databaseUrl === null) throw new Error('There is no DATABASE_URL');
        return new PostgresDatabase({ ...settings, databaseUrl });
      },
    },
    {
      provide: EventLog,
      inject: [PostgresDatabase],
      useFactory: (database: PostgresDatabase) => new PostgresEventLog(database),
    },
    {
      provide: MessageStore,
      inject: [PostgresDatabase],
      useFactory: (database: PostgresDatabase) =>
        new SqlMessageStore(database.queries, storableRef),
    },
    {
      provide: MarkStore,
      inject: [PostgresDatabase],
      useFactory: (database: PostgresDatabase) => new PostgresMarkStore(database.queries),
    },
    {
      provide: ThreadStore,
      inject: [PostgresDatabase],
      useFactory: (database: PostgresDatabase) => new SqlThreadStore(database.queries),
    },
    {
      provide: FollowerCursors,
      inject: [PostgresDatabase],
      useFactory: (database: PostgresDatabase) => new PostgresFollowerCursors(database.queries),
    },
    {
      provide: SearchIndex,
      inject: [PostgresDatabase, Clock],
      useFactory: (database: PostgresDatabase, clock: Clock) =>
        new PostgresSearchIndex(database.queries, database.boundedReader, clock),
    },
    {
      provide: AttachmentStore,
      inject: [PostgresDatabase],
      useFactory: (database: PostgresDatabase) => new SqlAttachmentStore(database.queries),
    },
    {
      provide: ConversationStore,
      inject: [PostgresDatabase],
      useFactory: (database: PostgresDatabase) => new SqlConversationStore(database.queries),
    },
    {
      provide: RoomStore,
      inject: [PostgresDatabase],
      useFactory: (database: PostgresDatabase) => new SqlRoomStore(database.queries),
    },
    {
      provide: UserStore,
      inject: [PostgresDatabase],
      useFactory: (database: PostgresDatabase) => new SqlUserStore(database.queries),
    },
    {
      provide: GuestStore,
      inject: [PostgresDatabase],
      useFactory: (database: PostgresDatabase) =>
        new SqlGuestStore(database.queries, (ids) => removeAccounts(database.queries, ids)),
    },
    {
      provide: SessionStore,
      inject: [PostgresDatabase],
      useFactory: (database: PostgresDatabase) => new SqlSessionStore(database.queries),
    },
  ],
  exports: [
    ...[
      EventLog,
      MessageStore,
      ConversationStore,
      RoomStore,
      MarkStore,
      ThreadStore,
      FollowerCursors,
    ],
    ...[UserStore, GuestStore, SessionStore, SearchIndex, AttachmentStore],
  ],
})
export class PostgresStoreModule implements OnModuleInit, OnApplicationShutdown {
  private readonly time: DatabaseClock;

  constructor(
    private readonly database: PostgresDatabase,
    clock: SystemClock,
  ) {
    this.time = new DatabaseClock(database.queries, clock);
  }

  /** Global modules come first: the stores are open before any other area starts. */
  async onModuleInit(): Promise<void> {
    await this.database.open();
    await this.time.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.time.stop();
    await this.database.close();
  }
}
