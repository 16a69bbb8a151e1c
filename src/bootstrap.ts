import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { JsonLogger } from './operations/logger.js';
import { AppModule } from './app.module.js';
import type { Settings } from './config/settings.js';
import { GatewayAdapter } from './gateway/gateway.adapter.js';
import { PollingDoor } from './gateway/transports/socket-io/polling-door.js';
import { configureHttp } from './http/configure.js';

/** Puts the service together. It listens to no port yet. */
export async function createApp(settings: Settings): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.forRoot(settings), {
    abortOnError: false,
    logger: new JsonLogger(settings.logLevel),
    bodyParser: false,
    forceCloseConnections: true,
  });
  configureHttp(app, settings, [app.get(PollingDoor).handle]);
  app.useWebSocketAdapter(app.get(GatewayAdapter));
  return app;
}

/** @returns the address at which the service can be reached */
export async function listen(app: NestExpressApplication, settings: Settings): Promise<string> {
  await app.listen(settings.port, settings.host);
  const { port } = app.getHttpServer().address() as AddressInfo;
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return `http://${host}:${String(port)}`;
}
