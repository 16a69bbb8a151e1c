import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type ModuleMetadata, Logger } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuthModule } from '../../../src/auth/auth.module.js';
import { ConfigModule } from '../../../src/config/config.module.js';
import { loadSettings } from '../../../src/config/load.js';
import { PostgresStoreModule } from '../../../src/engines/postgres/postgres-store.module.js';
import { SqliteStoreModule } from '../../../src/engines/sqlite/sqlite-store.module.js';
import { SingleNodeModule } from '../../../src/engines/memory/single-node.module.js';
import { configureHttp } from '../../../src/http/configure.js';
import { DirectExpressAdapter } from '../../../src/http/express-adapter.js';
import { HttpModule } from '../../../src/http/http.module.js';
import { Clock } from '../../../src/kernel/clock.js';
import { KernelModule } from '../../../src/kernel/kernel.module.js';
import { HandClock } from '../../support/hand-clock.js';
import { temporaryFolder, TEST_ENVIRONMENT } from '../../support/service.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the answer; null where it has no body. */
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly text: string;
}

interface Call {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The auth area and what it stands on, over real HTTP and a real database. */
export class AuthApp {
  constructor(
    readonly app: NestExpressApplication,
    /** Stands still until the test moves it; its `epoch` is how the wall clock is set. */
    readonly clock: HandClock,
    readonly port: number,
    readonly dataDir: string,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async get(path: string, call: Call = {}): Promise<Answer> {
    return this.send('GET', path, call);
  }

  async post(path: string, body?: unknown, call: Call = {}): Promise<Answer> {
    return this.send('POST', path, { ...call, body });
  }

  async send(method: string, path: string, { token, body, headers }: Call): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: text === '' ? null : (JSON.parse(text) as Record<string, unknown>),
    };
  }
}

const running = new Set<AuthApp>();

afterAll(async () => {
  await Promise.all([...running].map(async ({ app }) => app.close()));
  running.clear();
});

/** @param env settings beside those of every test; closed at the end of the test file */
export async function startAuthApp(
  env: Readonly<Record<string, string>> = {},
  controllers: NonNullable<ModuleMetadata['controllers']> = [],
): Promise<AuthApp> {
  const dataDir = env['DATA_DIR'] ?? temporaryFolder();
  const settings = loadSettings({ ...TEST_ENVIRONMENT, DATA_DIR: dataDir, ...env });
  const clock = new HandClock(Date.now());
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(settings),
      KernelModule,
      settings.databaseUrl === null ? SqliteStoreModule : PostgresStoreModule,
      SingleNodeModule,
      HttpModule,
      AuthModule,
    ],
    controllers,
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const app = module.createNestApplication<NestExpressApplication>(
    new DirectExpressAdapter(settings),
    { bodyParser: false },
  );
  Logger.overrideLogger(false);
  configureHttp(app, settings);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const started = new AuthApp(app, clock, port, dataDir);
  running.add(started);
  return started;
}

export const PASSWORD = 'correct horse battery';
