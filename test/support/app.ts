import type { INestApplication } from '@nestjs/common';
import { createApp, listen } from '../../src/bootstrap.js';
import { loadSettings } from '../../src/config/load.js';
import { atEnd } from './leftovers.js';
import { temporaryFolder, TEST_ENVIRONMENT } from './service.js';

/** The service inside the test's own process, for tests that look behind its interface. */
export interface RunningApp {
  readonly app: INestApplication;
  readonly url: string;
  readonly wsUrl: string;
  readonly dataDir: string;
}

const running = new Set<INestApplication>();

atEnd(async () => {
  await Promise.all([...running].map((app) => app.close()));
  running.clear();
});

/** @param env settings on top of those of every test; closed at the end of the test file */
export async function startApp(env: Readonly<Record<string, string>> = {}): Promise<RunningApp> {
  const dataDir = temporaryFolder();
  const settings = loadSettings({
    ...TEST_ENVIRONMENT,
    LOG_LEVEL: 'silent',
    DATA_DIR: dataDir,
    PORT: '0',
    ...env,
  });
  const app = await createApp(settings);
  running.add(app);
  const url = await listen(app, settings);
  return { app, url, wsUrl: `${url.replace('http', 'ws')}/chat`, dataDir };
}
