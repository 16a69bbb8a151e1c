import type { LoggerService } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { GuestStore } from '../../src/auth/accounts/guest-store.js';
import { SessionStore } from '../../src/auth/sessions/session-store.js';
import { UserStore } from '../../src/auth/accounts/user-store.js';
import { ConversationStore } from '../../src/chat/conversations/conversation-store.js';
import { FollowerCursors } from '../../src/chat/feed/follower-cursors.js';
import { EventLog } from '../../src/chat/log/event-log.js';
import { MarkStore } from '../../src/chat/marks/mark-store.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadSettings } from '../../src/config/load.js';
import { SqliteStoreModule } from '../../src/engines/sqlite/sqlite-store.module.js';
import { SingleNodeModule } from '../../src/engines/memory/single-node.module.js';
import { KernelModule } from '../../src/kernel/kernel.module.js';
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

/** Keeps its files in a folder of its own, until the end of the test file. */
export class EmbeddedEngine implements EngineUnderTest {
  static readonly open = async (): Promise<EmbeddedEngine> => {
    const folder = temporaryFolder();
    return new EmbeddedEngine(folder, await embeddedModule(folder));
  };

  private constructor(
    readonly folder: string,
    private module: TestingModule,
  ) {}

  get log(): EventLog {
    return this.module.get(EventLog);
  }

  get conversations(): ConversationStore {
    return this.module.get(ConversationStore);
  }

  get marks(): MarkStore {
    return this.module.get(MarkStore);
  }

  get cursors(): FollowerCursors {
    return this.module.get(FollowerCursors);
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
    await this.module.close();
  }
}
