import { type LoggerService, Logger } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AttachmentStore } from '../../src/attachments/attachment-store.js';
import { GuestStore } from '../../src/auth/accounts/guest-store.js';
import { SessionStore } from '../../src/auth/sessions/session-store.js';
import { UserStore } from '../../src/auth/accounts/user-store.js';
import { ConversationStore } from '../../src/chat/conversations/conversation-store.js';
import { FollowerCursors } from '../../src/chat/feed/follower-cursors.js';
import { EventLog } from '../../src/chat/log/event-log.js';
import { MessageStore } from '../../src/chat/log/message-store.js';
import { MarkStore } from '../../src/chat/marks/mark-store.js';
import { ThreadStore } from '../../src/chat/marks/thread-store.js';
import { RoomStore } from '../../src/chat/conversations/room-store.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadSettings } from '../../src/config/load.js';
import { PostgresStoreModule } from '../../src/engines/postgres/postgres-store.module.js';
import { KernelModule } from '../../src/kernel/kernel.module.js';
import { SearchIndex } from '../../src/search/search-index.js';
import { ask, freshDatabase } from '../support/postgres.js';
import type { EngineUnderTest } from './engine-under-test.js';

/** Some tests make the engine fail on purpose, which it reports. */
const SILENT: LoggerService = {
  log: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

const TABLES = [
  ...['users', 'counters', 'sessions', 'refresh_tokens', 'tickets', 'familiar_addresses'],
  ...['conversations', 'events', 'direct_members', 'read_marks', 'followers'],
  ...['follower_cursors', 'search_messages', 'search_progress'],
  ...['follower_cursors', 'message_states', 'message_entries', 'thread_entries', 'thread_follows'],
  ...['message_reactions', 'mentions', 'mentions_of_all', 'part_refs'],
  ...['attachments', 'attachment_usage'],
];

/** To make a new database takes longer than most tests. */
let emptied: string | null = null;

async function postgresModule(
  url: string,
  env: Readonly<Record<string, string>>,
): Promise<TestingModule> {
  Logger.overrideLogger(SILENT);
  const settings = loadSettings({ NODE_ENV: 'test', DATABASE_URL: url, ...env });
  const module = await Test.createTestingModule({
    imports: [KernelModule, ConfigModule.forRoot(settings), PostgresStoreModule],
  })
    .setLogger(SILENT)
    .compile();
  return module.init();
}

/** The stores on PostgreSQL as one node has them. Several over one database are several nodes. */
export class PostgresEngine implements EngineUnderTest {
  /** Over a database that holds nothing. One at a time: it is always the same, emptied. */
  static readonly open = async (): Promise<PostgresEngine> => {
    if (emptied === null) emptied = await freshDatabase();
    else await ask(emptied, `truncate ${TABLES.join()} restart identity`);
    return PostgresEngine.over(emptied);
  };

  static readonly over = async (
    url: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<PostgresEngine> => new PostgresEngine(url, env, await postgresModule(url, env));

  private constructor(
    readonly url: string,
    private readonly env: Readonly<Record<string, string>>,
    private module: TestingModule,
  ) {}

  get log(): EventLog {
    return this.module.get(EventLog);
  }

  get messages(): MessageStore {
    return this.module.get(MessageStore);
  }

  get conversations(): ConversationStore {
    return this.module.get(ConversationStore);
  }

  get marks(): MarkStore {
    return this.module.get(MarkStore);
  }

  get threads(): ThreadStore {
    return this.module.get(ThreadStore);
  }

  get rooms(): RoomStore {
    return this.module.get(RoomStore);
  }

  get cursors(): FollowerCursors {
    return this.module.get(FollowerCursors);
  }

  get search(): SearchIndex {
    return this.module.get(SearchIndex);
  }

  get attachments(): AttachmentStore {
    return this.module.get(AttachmentStore);
  }

  get users(): UserStore {
    return this.module.get(UserStore);
  }

  get guests(): GuestStore {
    return this.module.get(GuestStore);
  }

  get sessions(): SessionStore {
    return this.module.get(SessionStore);
  }

  async reopen(): Promise<void> {
    await this.module.close();
    this.module = await postgresModule(this.url, this.env);
  }

  async dispose(): Promise<void> {
    await this.module.close();
  }
}
