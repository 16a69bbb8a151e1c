import { createServer, ServerResponse } from 'node:http';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Express } from 'express';
import type { Settings } from '../config/settings.js';
import { ServerGuard } from './connections/server-guard.js';
import { requestClass, type Wants } from './connections/upgrade-offers.js';

/** How often Node checks for requests that are too slow. */
export const LOOK_FOR_SLOW_REQUESTS_MS = 1_000;
/** How long a connection may be idle between two requests. */
const KEEP_ALIVE_MS = 5_000;

/**
 * Express under Nest, on a server whose requests and responses are created with Express'
 * prototypes. Express itself sets them on each request, and changing the prototype of an object in
 * use makes V8 retain everything it refers to until the next major collection
 * (docs/decisions/0029). A guard between the two bounds what a connection may ask for
 * (docs/decisions/0033).
 */
export class DirectExpressAdapter extends ExpressAdapter {
  readonly guard: ServerGuard;
  private readonly connections = new Set<Socket>();

  /** @throws SettingsError where a trusted proxy is neither an address nor a range */
  constructor(settings: Settings) {
    super();
    this.guard = new ServerGuard(settings);
  }

  override initHttpServer(): void {
    const express = this.getInstance<Express>();
    const server = serverFor(express, this.guard.isWanted);
    server.on('connection', (socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
    this.guard.attach(server, express);
    this.httpServer = server;
  }

  /** Cuts what is still connected: by then the service is drained. */
  override close(): Promise<void> | undefined {
    for (const socket of this.connections) socket.destroy();
    return super.close() as Promise<void> | undefined;
  }
}

function serverFor(express: Express, wants: Wants): Server {
  const Request = requestClass(wants);
  class Response extends ServerResponse {}
  Object.setPrototypeOf(Request.prototype, express.request);
  Object.setPrototypeOf(Response.prototype, express.response);
  express.request = Request.prototype as typeof express.request;
  express.response = Response.prototype as typeof express.response;
  const options = {
    IncomingMessage: Request,
    ServerResponse: Response,
    connectionsCheckingInterval: LOOK_FOR_SLOW_REQUESTS_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Node's own answer has no body: host-header.ts checks instead.
    requireHostHeader: false,
    // Known to newer Nodes only, and missing from the types.
    shouldUpgradeCallback: wants,
  };
  return createServer(options);
}
