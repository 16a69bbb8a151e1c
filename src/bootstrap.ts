import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { isUpload } from './attachments/upload-pace.js';
import { Meters } from './kernel/metrics/meters.js';
import { listenFailure } from './kernel/start-failure.js';
import { loggerFor } from './operations/logger.js';
import { AppModule } from './app.module.js';
import type { Settings } from './config/settings.js';
import { GatewayAdapter } from './gateway/commands/gateway.adapter.js';
import { TransportDoor } from './gateway/admission/transport-door.js';
import { configureHttp } from './http/configure.js';
import { DirectExpressAdapter } from './http/express-adapter.js';

/**
 * The listen backlog; the kernel may cap it (net.core.somaxconn). Thousands come back at once after
 * a restart (thundering herd), and those beyond it wait for a second and more.
 */
const BACKLOG = 4_096;

/** Assembles the service. It does not listen yet. */
export async function createApp(
  settings: Settings,
  logger = loggerFor(settings),
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.forRoot(settings),
    new DirectExpressAdapter(settings),
    { abortOnError: false, logger, bodyParser: false },
  );
  app
    .get(Meters)
    .counter(
      'parley_log_lines_dropped_total',
      'Log lines that were counted and not written',
      () => logger.dropped,
    );
  const takesItsTime = settings.attachments === null ? () => false : isUpload;
  configureHttp(app, settings, { doors: [app.get(TransportDoor).handle], takesItsTime });
  app.useWebSocketAdapter(app.get(GatewayAdapter));
  return app;
}

/** @returns the address where the service can be reached. @throws StartFailure */
export async function listen(app: NestExpressApplication, settings: Settings): Promise<string> {
  // Nest passes on whatever Node's server accepts, and omits the backlog from its types.
  const toListen = app.listen.bind(app) as (...address: unknown[]) => Promise<unknown>;
  try {
    await toListen(settings.port, settings.host, BACKLOG);
  } catch (error) {
    throw listenFailure(error, { ...settings, portKey: 'PORT', hostKey: 'HOST' });
  }
  const { port } = app.getHttpServer().address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return `http://${host}:${String(port)}`;
}
