import { rm } from 'node:fs/promises';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import { SessionStore } from '../../src/auth/session-store.js';
import { UserStore } from '../../src/auth/user-store.js';
import { MessageStore } from '../../src/chat/message-store.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadSettings } from '../../src/config/load.js';
import { EmbeddedEngineModule } from '../../src/engines/embedded/embedded.module.js';
import type { EngineUnderTest } from './engine-under-test.js';

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'parley-'));
}

/** The embedded engine as the service has it, over files in a folder. */
export async function embeddedModule(dataDir: string): Promise<TestingModule> {
  const settings = loadSettings({ NODE_ENV: 'test', DATA_DIR: dataDir });
  const module = await Test.createTestingModule({
    imports: [ConfigModule.forRoot(settings), EmbeddedEngineModule],
  }).compile();
  return module.init();
}

/** Keeps its files in a folder of its own. */
export class EmbeddedEngine implements EngineUnderTest {
  static readonly open = async (): Promise<EmbeddedEngine> => {
    const folder = temporaryFolder();
    return new EmbeddedEngine(folder, await embeddedModule(folder));
  };

  private constructor(
    readonly folder: string,
    private module: TestingModule,
  ) {}

  get messages(): MessageStore {
    return this.module.get(MessageStore);
  }

  get users(): UserStore {
    return this.module.get(UserStore);
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
    await rm(this.folder, { recursive: true });
  }
}
