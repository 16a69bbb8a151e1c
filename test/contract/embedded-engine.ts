import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
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
import { openDatabase } from '../../src/engines/sqlite/drivers/choose-driver.js';
import { SqliteStoreModule } from '../../src/engines/sqlite/sqlite-store.module.js';
import { SingleNodeModule } from '../../src/engines/memory/single-node.module.js';
import { KernelModule } from '../../src/kernel/kernel.module.js';
import { SearchIndex } from '../../src/search/search-index.js';
import { atEnd } from '../support/leftovers.js';
import { temporaryFolder } from '../support/service.js';
import type { EngineUnderTest } from './engine-under-test.js';

/** Some tests make the engine fail on purpose, which it reports. */
const SILENT: LoggerService = {
  log: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** The embedded engine as the service has it, over files in a folder. */
async function embeddedModule(dataDir: string): Promise<TestingModule> {
  const settings = loadSettings({ NODE_ENV: 'test', DATA_DIR: dataDir });
  const module = await Test.createTestingModule({
    imports: [KernelModule, ConfigModule.forRoot(settings), SqliteStoreModule, SingleNodeModule],
  })
    .setLogger(SILENT)
    .compile();
  return module.init();
}

/** Disposed of, and open. To start the threads of another one takes longer than most tests. */
const idle: EmbeddedEngine[] = [];

atEnd(() => Promise.all(idle.splice(0).map((engine) => engine.close())));

/** Keeps its files in a folder of its own, until the end of the test file. */
export class EmbeddedEngine implements EngineUnderTest {
  /** Over a database that holds nothing: a new one, or one that is not used any more, emptied. */
  static readonly open = async (): Promise<EmbeddedEngine> => {
    const engine = idle.pop();
    if (engine === undefined) return newEngine(true);
    empty(join(engine.folder, 'parley.db'));
    return engine;
  };

  /** Over a new database, with a new index of messages, which lies in a file of its own. */
  static readonly create = async (): Promise<EmbeddedEngine> => newEngine(false);

  /** @param isReused whether another test may have it, emptied, when this one has disposed of it */
  constructor(
    readonly folder: string,
    private module: TestingModule,
    private readonly isReused: boolean,
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
    this.module = await embeddedModule(this.folder);
  }

  async dispose(): Promise<void> {
    if (this.isReused) idle.push(this);
    else await this.close();
  }

  async close(): Promise<void> {
    await this.module.close();
  }
}

async function newEngine(isReused: boolean): Promise<EmbeddedEngine> {
  const folder = temporaryFolder();
  return new EmbeddedEngine(folder, await embeddedModule(folder), isReused);
}

/** Empties all tables but those that say how they are built. */
function empty(file: string): void {
  const database = openDatabase(file);
  try {
    const tables = database
      .prepare<[], { readonly name: string }>(
        `select name from sqlite_schema
         where type = 'table' and name not like 'sqlite_%' and name not like 'kysely_%'`,
      )
      .all();
    const deletions = tables.map(({ name }) => `delete from "${name}";`);
    database.exec('pragma foreign_keys = off');
    database.exec(`begin immediate; ${deletions.join(' ')} commit`);
  } finally {
    database.close();
  }
}
