import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { reset } from './reset.js';

describe('A connection that is broken off', () => {
  let server: Server | null = null;

  afterEach(() => {
    server?.close();
  });

  async function pair(): Promise<{ near: Socket; far: Socket }> {
    server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const near = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const [far] = (await once(server, 'connection')) as [Socket];
    far.resume();
    return { near, far };
  }

  it('is reset', async () => {
    const { near, far } = await pair();
    const seen = once(far, 'error');
    reset(near);
    expect(await seen).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('is closed also where it is just being ended', async () => {
    const { near, far } = await pair();
    const closed = once(near, 'close');
    near.end();
    reset(near);
    expect(await closed).toEqual([false]);
    far.destroy();
  });
});
