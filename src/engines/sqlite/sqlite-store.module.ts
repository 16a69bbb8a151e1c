import { Global, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { GuestStore } from '../../auth/accounts/guest-store.js';
import { SessionStore } from '../../auth/sessions/session-store.js';
import { UserStore } from '../../auth/accounts/user-store.js';
import { ConversationStore } from '../../chat/conversations/conversation-store.js';
import { FollowerCursors } from '../../chat/feed/follower-cursors.js';
import { EventLog } from '../../chat/log/event-log.js';
import { MarkStore } from '../../chat/marks/mark-store.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { SqlConversationStore } from '../sql/sql-conversation-store.js';
import { SqlGuestStore } from '../sql/sql-guest-store.js';
import { SqlSessionStore } from '../sql/sql-session-store.js';
import { SqlUserStore } from '../sql/sql-user-store.js';
import { PendingDirects } from './pending-directs.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteEventLog } from './sqlite-event-log.js';
import { SqliteFollowerCursors } from './sqlite-follower-cursors.js';
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
      provide: MarkStore,
      inject: [SqliteDatabase, PendingDirects],
      useFactory: (database: SqliteDatabase, pending: PendingDirects) =>
        new SqliteMarkStore(database, pending),
    },
    {
      provide: FollowerCursors,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) => new SqliteFollowerCursors(database),
    },
    {
      provide: ConversationStore,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) => new SqlConversationStore(database.queries),
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
    ...[EventLog, ConversationStore, MarkStore, FollowerCursors],
    ...[UserStore, GuestStore, SessionStore],
  ],
})
export class SqliteStoreModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly database: SqliteDatabase) {}

  /** Global modules come first: the stores are open before any other area starts. */
  async onModuleInit(): Promise<void> {
    await this.database.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
