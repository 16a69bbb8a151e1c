import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, get, offering, RawClient } from '../../../test/support/raw-client.js';
import { loadSettings } from '../../config/load.js';
import { MOST_WAITING } from './request-queue.js';
import { ServerGuard } from './server-guard.js';
import { requestClass } from './upgrade-offers.js';

/** More of an answer than the kernels of both ends buffer. */
const HUGE = Buffer.alloc(32 * 1024 * 1024, 'x');

describe('A guarded server', () => {
  let guard: ServerGuard;
  let server: Server;
  /** Requests that were begun, and answers that were told they had ended. */
  let begun: string[];
  let closed: number;
  let held: (() => void)[];
  let bodies: Record<string, string>;

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const { url = '' } = request;
    begun.push(url);
    response.once('close', () => (closed += 1));
    const answer = (): void => {
      if (guard.queue.isRefused(request)) response.statusCode = 429;
      response.end(url === '/huge' ? HUGE : `<${url}>`);
    };
    if (url.startsWith('/held')) held.push(answer);
    else if (request.method === 'POST') {
      request.on('data', (chunk: Buffer) => (bodies[url] = (bodies[url] ?? '') + chunk.toString()));
      request.on('end', answer);
    } else answer();
  }

  async function start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    [begun, closed, held, bodies] = [[], 0, [], {}];
    guard = new ServerGuard(loadSettings(env));
    server = createServer({
      IncomingMessage: requestClass(guard.isWanted),
      connectionsCheckingInterval: 50,
    });
    guard.attach(server, handle);
    guard.onUpgrade(
      ({ url }) => url === '/socket',
      (_request, socket) => {
        guard.release(socket);
        socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  }

  /** Waits until the service sees what the client did. */
  async function serverSees(isSo: () => boolean): Promise<void> {
    await eventually(isSo, () => JSON.stringify([begun, closed, guard.queue, guard.table.size]));
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  async function restart(env: Readonly<Record<string, string>>): Promise<void> {
    await stop();
    await start(env);
  }

  beforeAll(() => void Logger.overrideLogger(false));
  afterAll(() => void Logger.overrideLogger(true));
  beforeEach(() => start());
  afterEach(stop);

  it('answers pipelined requests one after the other, in order', async () => {
    const paths = Array.from({ length: 100 }, (_, index) => `/${String(index)}`);
    const client = new RawClient(server).read().send(paths.map((path) => get(path)).join(''));
    await client.until(() => client.bodies.length === 100);
    expect(client.bodies).toEqual(paths);
    expect(guard.queue.waiting).toBe(0);
    await serverSees(() => closed === 100);
  });

  it('begins none before the one before it is answered', async () => {
    const client = new RawClient(server).read().send(get('/held') + get('/b') + get('/c'));
    await serverSees(() => guard.queue.waiting === 2);
    expect(begun).toEqual(['/held']);
    held[0]?.();
    await client.until(() => client.bodies.length === 3);
    expect(client.bodies).toEqual(['/held', '/b', '/c']);
  });

  it('goes on reading afterwards', async () => {
    const client = new RawClient(server).read().send(get('/a') + get('/b'));
    await client.until(() => client.bodies.length === 2);
    client.send(get('/c'));
    await client.until(() => client.bodies.length === 3);
    expect(client.bodies[2]).toBe('/c');
  });

  it('refuses the request beyond those that may wait, and closes [S43]', async () => {
    const client = new RawClient(server).read().send(get('/a').repeat(MOST_WAITING + 200));
    await client.end();
    expect(client.statuses).toEqual([...Array<number>(MOST_WAITING + 1).fill(200), 429]);
    expect(client.text).toContain('Connection: close');
    expect(guard.queue.waiting).toBe(0);
    expect(guard.queue.dropped).toBeGreaterThan(0);
  });

  it.each([
    ['cut', (socket: Socket) => socket.destroy()],
    ['half closed', (socket: Socket) => socket.end()],
    ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ])('keeps nothing of a connection that is %s before its answers [S43]', async (_how, end) => {
    await restart({ ANSWER_TIMEOUT: '1' });
    const client = new RawClient(server).send(get('/huge').repeat(50));
    await serverSees(() => guard.queue.waiting > 0);
    end(client.socket);
    await serverSees(() => closed === begun.length && guard.table.size === 0);
    expect([begun.length, guard.queue.waiting, guard.answers.bytes]).toEqual([1, 0, 0]);
    expect(guard.queue.dropped).toBeGreaterThan(0);
  });

  it('drops what waits behind an answer that closes', async () => {
    const client = new RawClient(server).read();
    client.send(get('/held', 'Connection: close\r\n') + get('/b'));
    await serverSees(() => held.length === 1);
    held[0]?.();
    await client.end();
    expect(client.bodies).toEqual(['/held']);
  });

  it('cuts a reader who takes nothing [S43]', async () => {
    await restart({ ANSWER_TIMEOUT: '1' });
    const client = new RawClient(server).send(get('/huge'));
    await serverSees(() => guard.answers.bytes > 0);
    await serverSees(() => guard.table.size === 0);
    expect(guard.answers.cut.read().get('too-slow')).toBe(1);
    client.socket.destroy();
  });

  it('cuts the slowest where all that nobody reads is too much', async () => {
    await restart({ MAX_ANSWER_MEMORY: String(HUGE.length * 2.5) });
    const clients = [1, 2, 3].map(() => new RawClient(server).send(get('/huge')));
    await serverSees(() => guard.answers.cut.read().get('memory') === 1);
    await serverSees(() => guard.table.size === 2);
    expect(guard.answers.bytes).toBeLessThanOrEqual(HUGE.length * 2.5);
    for (const client of clients) client.socket.destroy();
    await serverSees(() => guard.answers.bytes === 0);
  });

  it('closes the connection that is idle for longest where an address has too many', async () => {
    await restart({ MAX_HTTP_CONNECTIONS_PER_ADDRESS: '2' });
    const first = new RawClient(server).read().send(get('/a'));
    await first.until(() => first.bodies.length === 1);
    const second = new RawClient(server).read().send(get('/held'));
    await serverSees(() => held.length === 1);
    const third = new RawClient(server).read().send(get('/c'));
    await first.end();
    await third.until(() => third.bodies.length === 1);
    held[0]?.();
    await second.until(() => second.bodies.length === 1);
    expect(guard.table.size).toBe(2);
  });

  it('closes the new one where none is idle, and counts a trusted proxy in all only', async () => {
    await restart({ MAX_HTTP_CONNECTIONS_PER_ADDRESS: '1' });
    const first = new RawClient(server).read().send(get('/held'));
    await serverSees(() => held.length === 1);
    await new RawClient(server).read().end();
    expect(guard.table.displaced.read().get('refused')).toBe(1);
    first.socket.destroy();
    await serverSees(() => guard.table.size === 0);
    await restart({
      MAX_HTTP_CONNECTIONS_PER_ADDRESS: '1',
      MAX_HTTP_CONNECTIONS: '2',
      TRUSTED_PROXIES: '127.0.0.1',
    });
    const both = [1, 2].map(() => new RawClient(server).read().send(get('/held')));
    await serverSees(() => held.length === 2);
    await new RawClient(server).read().end();
    expect(guard.table.size).toBe(2);
    for (const client of both) client.socket.destroy();
  });

  it.each(['h2c', 'H2C', 'h2c, foo', 'TLS/1.0', 'websocket', 'h2c, WebSocket'])(
    'passes over an offer to change to %s that nobody wants',
    async (protocol) => {
      const client = new RawClient(server).read().send(`${offering(protocol)}\r\n`);
      await client.end();
      expect(client.statuses).toEqual([200]);
      // Whatever came in the same read would be lost: the client must ask again.
      expect(client.text).toContain('Connection: close');
    },
  );

  it.each([
    ['with a length', 'Content-Length: 5\r\n\r\nhello'],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'],
  ])('reads the body %s behind such an offer', async (_how, body) => {
    const client = new RawClient(server).read().send(offering('h2c', 'POST /in', body));
    await client.end();
    expect([client.statuses, bodies['/in']]).toEqual([[200], 'hello']);
  });

  it('makes the change that is wanted, once all before it is answered', async () => {
    const client = new RawClient(server).read();
    client.send(`${get('/held')}${get('/b')}${offering('websocket', 'GET /socket')}\r\n`);
    await serverSees(() => held.length === 1);
    expect(client.text).toBe('');
    held[0]?.();
    await client.end();
    expect(client.statuses).toEqual([200, 200, 101]);
    expect(guard.table.size).toBe(0);
  });

  it.each([
    ['no request at all', 'nonsense\r\n\r\n', [400]],
    ['one behind others', `${get('/a')}${get('/b')}nonsense\r\n\r\n`, [200, 200, 400]],
    ['headers of 20 KiB', get('/a', `X: ${'x'.repeat(20_480)}\r\n`), [431]],
    [
      'a chunk that is none',
      'POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      [400],
    ],
    [
      'two lengths',
      'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na',
      [400],
    ],
    [
      'a length and chunks',
      'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      [400],
    ],
    ['a tunnel', 'CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n', [405]],
    [
      'a tunnel behind another',
      `${get('/a')}CONNECT o:443 HTTP/1.1\r\nHost: o:443\r\n\r\n`,
      [200, 405],
    ],
  ])('answers %s with problem details', async (_what, text, statuses) => {
    const client = new RawClient(server).read().send(text);
    await client.end();
    expect(client.statuses).toEqual(statuses);
    const id = /X-Request-Id: (\S+)/i.exec(client.text)?.[1];
    const problem = JSON.parse(/\{.*\}$/.exec(client.text)?.[0] ?? '{}') as object;
    expect(problem).toMatchObject({ status: statuses.at(-1), request_id: id });
  });

  it.each([
    ['a head', 'GET / HTTP/1.1\r\nHost: x\r\nX-A', [408]],
    ['a body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc', [408]],
    [
      'a body behind an answer',
      `${get('/a')}POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab`,
      [200, 408],
    ],
  ])('answers %s that does not come in time with 408 [S25]', async (_what, text, statuses) => {
    server.headersTimeout = 200;
    server.requestTimeout = 200;
    const client = new RawClient(server).read().send(text);
    await client.end();
    expect(client.statuses).toEqual(statuses);
    expect(client.text).toContain('"code":"request-timeout"');
  });

  it('answers what waits for its body only after the answer before it', async () => {
    server.headersTimeout = 200;
    server.requestTimeout = 200;
    const client = new RawClient(server).read();
    client.send(`${get('/held')}POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab`);
    await serverSees(() => held.length === 1 && guard.queue.dropped === 1);
    held[0]?.();
    await client.end();
    expect(client.statuses).toEqual([200, 408]);
  });

  it('asks for a body when its turn comes, and only for one that it may take', async () => {
    const expecting = (length: number): string =>
      `POST /in HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ${String(length)}\r\n\r\n`;
    const client = new RawClient(server).read().send(get('/held') + expecting(5));
    await serverSees(() => guard.queue.waiting === 1);
    expect(client.text).toBe('');
    held[0]?.();
    await client.until(() => client.text.includes('100 Continue'));
    client.send('hello');
    await client.until(() => client.statuses.length === 3);
    expect([client.statuses, bodies['/in']]).toEqual([[200, 100, 200], 'hello']);

    const other = new RawClient(server).read().send(expecting(1_000_000));
    await serverSees(() => begun.length === 3);
    other.send(get('/after'));
    expect(other.text).not.toContain('100 Continue');
    other.socket.destroy();
  });
});
