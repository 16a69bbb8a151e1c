import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Express } from 'express';

/** So often Node looks for requests that are too slow. */
export const LOOK_FOR_SLOW_REQUESTS_MS = 1_000;

/**
 * Express under Nest, on a server whose requests and answers are born with Express' prototypes.
 * Express sets them on each request, and to change the prototype of an object that is in use makes
 * V8 keep all that hangs on it until the next major collection (docs/decisions/0029).
 */
export class DirectExpressAdapter extends ExpressAdapter {
  private readonly connections = new Set<Socket>();

  override initHttpServer(): void {
    const server = serverFor(this.getInstance<Express>());
    server.on('connection', (socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
    this.httpServer = server;
  }

  /** Ends what is still connected: whoever drains has done so by then. */
  override close(): Promise<void> | undefined {
    for (const socket of this.connections) socket.destroy();
    return super.close() as Promise<void> | undefined;
  }
}

function serverFor(express: Express): Server {
  class Request extends IncomingMessage {}
  class Response extends ServerResponse {}
  Object.setPrototypeOf(Request.prototype, express.request);
  Object.setPrototypeOf(Response.prototype, express.response);
  express.request = Request.prototype as typeof express.request;
  express.response = Response.prototype as typeof express.response;
  const options = {
    IncomingMessage: Request,
    ServerResponse: Response,
    connectionsCheckingInterval: LOOK_FOR_SLOW_REQUESTS_MS,
  };
  return createServer(options, express);
}
