import { Global, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { GuestStore } from '../../auth/accounts/guest-store.js';
import { SessionStore } from '../../auth/sessions/session-store.js';
import { UserStore } from '../../auth/accounts/user-store.js';
import { MessageStore } from '../../chat/log/message-store.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { SqlGuestStore } from '../sql/sql-guest-store.js';
import { SqlSessionStore } from '../sql/sql-session-store.js';
import { SqlUserStore } from '../sql/sql-user-store.js';
import { SqliteDatabase } from './sqlite-database.js';
import { SqliteMessageStore } from './sqlite-message-store.js';

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
      provide: MessageStore,
      inject: [SqliteDatabase],
      useFactory: (database: SqliteDatabase) => new SqliteMessageStore(database),
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
  exports: [MessageStore, UserStore, GuestStore, SessionStore],
})
export class SqliteStoreModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly database: SqliteDatabase) {}

  /** Global modules come first: the stores are open before any other house begins. */
  async onModuleInit(): Promise<void> {
    await this.database.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
