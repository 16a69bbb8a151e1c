import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Express } from 'express';
import { loadSettings } from '../config/load.js';
import { DirectExpressAdapter } from './express-adapter.js';

describe('Express on a server of its own making', () => {
  let adapter: DirectExpressAdapter;
  let server: Server;

  beforeEach(async () => {
    adapter = new DirectExpressAdapter(loadSettings({}));
    adapter.initHttpServer();
    server = adapter.getHttpServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    await adapter.close();
  });

  it('finds requests and answers with the prototypes that it gives them', async () => {
    const prototypes: unknown[] = [];
    const note = (request: IncomingMessage, response: ServerResponse): void => {
      prototypes.push(Object.getPrototypeOf(request), Object.getPrototypeOf(response));
    };
    server.prependListener('request', note);
    adapter.getInstance<Express>().get('/', (request, response) => {
      note(request, response);
      response.json({ path: request.path });
    });
    const { port } = server.address() as AddressInfo;

    const answer = await fetch(`http://127.0.0.1:${String(port)}/`);

    expect(await answer.json()).toEqual({ path: '/' });
    const [requestBefore, responseBefore, requestAfter, responseAfter] = prototypes;
    expect(requestAfter).toBe(requestBefore);
    expect(responseAfter).toBe(responseBefore);
  });
});
