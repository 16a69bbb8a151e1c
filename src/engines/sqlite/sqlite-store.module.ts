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
import { Clock } from '../../kernel/clock.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { SearchIndex } from '../../search/search-index.js';
import { SqlAttachmentStore } from '../sql/sql-attachment-store.js';
import { SqlConversationStore } from '../sql/sql-conversation-store.js';
import { SqlMessageStore } from '../sql/sql-message-store.js';
import { SqlRoomStore } from '../sql/sql-room-store.js';
import { SqlGuestStore } from '../sql/sql-guest-store.js';
import { SqlSessionStore } from '../sql/sql-session-store.js';
import { SqlThreadStore } from '../sql/sql-thread-store.js';
import { SqlUserStore } from '../sql/sql-user-store.js';
import { PendingDirects } from './pending-directs.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteEventLog } from './sqlite-event-log.js';
import { SqliteFollowerCursors } from './sqlite-follower-cursors.js';
import { SqliteSearchIndex } from './sqlite-search-index.js';
import { pendingDirectsOf, SqliteMarkStore } from './sqlite-mark-store.js';

/** The stores that need no server: SQLite in the data folder. */
@Global()
@Module({
  providers: [
    {
      provide: SqliteDatabase,
      inject: [SETTINGS],
      useFactory: (settings: Settings) => new SqliteDatabase(settings.dataDir),
    },
    {
      provide: PendingDirects,
      inject: [SqliteDatabase],
      useFactory: pendingDirectsOf,
    },
    {
      provide: EventLog,
      inject: [SqliteDatabase, PendingDirects],
      useFactory: (database: SqliteDatabase, pending: PendingDirects) =>
        new SqliteEventLog(database, pending),
    },
    {
      provide: MessageStore,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) => new SqlMessageStore(database.queries, (ref) => ref),
    },
    {
      provide: MarkStore,
      inject: [SqliteDatabase, PendingDirects],
      useFactory: (database: SqliteDatabase, pending: PendingDirects) =>
        new SqliteMarkStore(database, pending),
    },
    {
      provide: ThreadStore,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) => new SqlThreadStore(database.queries),
    },
    {
      provide: FollowerCursors,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) => new SqliteFollowerCursors(database),
    },
    {
      provide: SqliteSearchIndex,
      inject: [SETTINGS, Clock, Scheduler],
      useFactory: (settings: Settings, clock: Clock, scheduler: Scheduler) =>
        new SqliteSearchIndex(settings.dataDir, clock, scheduler),
    },
    { provide: SearchIndex, useExisting: SqliteSearchIndex },
    {
      provide: AttachmentStore,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) => new SqlAttachmentStore(database.queries),
    },
    {
      provide: ConversationStore,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) => new SqlConversationStore(database.queries),
    },
    {
      provide: RoomStore,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) => new SqlRoomStore(database.queries),
    },
    {
      provide: UserStore,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) => new SqlUserStore(database.queries),
    },
    {
      provide: GuestStore,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) =>
        new SqlGuestStore(database.queries, (ids) => database.remove(ids)),
    },
    {
      provide: SessionStore,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) => new SqlSessionStore(database.queries),
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
export class SqliteStoreModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly database: SqliteDatabase,
    private readonly index: SqliteSearchIndex,
  ) {}

  /** Global modules come first: the stores are open before any other area starts. */
  async onModuleInit(): Promise<void> {
    await this.database.open();
    this.index.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.index.close();
    await this.database.close();
  }
}
