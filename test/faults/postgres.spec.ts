import { afterEach, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { until } from '../support/bounded.js';
import { enter, guest, join } from '../support/people.js';
import pg from 'pg';
import { ask, PostgresServer } from '../support/postgres.js';
import { describeWith } from '../support/requirements.js';
import { HttpContract } from '../api/documents/http-contract.js';
import { runService, Service, startService, temporaryFolder } from '../support/service.js';
import type { ChatSocket } from '../support/ws-client.js';

const CANARY = 'canary-password';

describeWith('postgresql of its own', 'A service on PostgreSQL', () => {
  let server: PostgresServer;

  async function startServer(...options: readonly string[]): Promise<PostgresServer> {
    server = new PostgresServer(options);
    await server.start();
    return server;
  }

  afterEach(() => server.kill());

  /** With a password, which the server does not ask for. */
  function withPassword(url: string): string {
    return url.replace('parley@', `parley:${CANARY}@`);
  }

  async function start(env: Record<string, string> = {}): Promise<Service> {
    const DATABASE_URL = withPassword(await server.createDatabase());
    return startService({ env: { DATABASE_URL, DATABASE_CONNECT_TIMEOUT: '1', ...env } });
  }

  async function status(service: Service): Promise<number> {
    return (await fetch(`${service.url}/health/ready`)).status;
  }

  /** Sends it again and again with the same ref until it is acknowledged, as a client does. */
  async function insist(socket: ChatSocket, ref: string): Promise<void> {
    for (;;) {
      socket.send({ type: 2, data: ref, ref });
      const { type } = await socket.next((frame) => frame.ref === ref && frame.type !== 2);
      if (type === 6) return;
    }
  }

  it('rejects for now while its server is gone, says that it is not ready, and heals by itself', async () => {
    await startServer();
    const service = await start();
    const { socket, tokens } = await enter(service, 'ann');
    socket.send({ type: 2, data: 'before', ref: 'before' });
    await socket.next({ type: 6, ref: 'before' });
    await server.kill();

    socket.send({ type: 2, data: 'meanwhile', ref: 'meanwhile' });
    expect(await socket.next({ type: 7 })).toMatchObject({
      ref: 'meanwhile',
      code: 'store-unavailable',
      retryable: true,
    });
    await comesTo('a 503', async () => (await status(service)) === 503);
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    const contract = new HttpContract(service.url);
    const token = tokens.access_token;
    for (const what of ['messages', 'export']) {
      await contract.call(`GET /rooms/{room}/${what}`, 503, { path: { room: 'lobby' }, token });
      const path = { username: 'nobody' };
      await contract.call(`GET /direct/{username}/${what}`, 503, { path, token });
    }
    await contract.call('GET /direct', 503, { token });
    await contract.call('POST /auth/guest', 503);

    await server.start();
    await insist(socket, 'meanwhile');
    await comesTo('a 200', async () => (await status(service)) === 200);
    socket.send({ type: 8, data: { lobby: 0 } });
    expect(await socket.next({ type: 8 })).toMatchObject({
      data: { lobby: { seq: 2, complete: true } },
    });
    await service.logged(/PostgreSQL is failing/);
    await service.logged(/PostgreSQL works again/);
    expect(service.logs()).not.toContain(CANARY);
    expect(await service.stop()).toBe(0);
  });

  it('holds what waits for a server that says nothing within its bound', async () => {
    await startServer();
    const DATABASE_URL = await server.createDatabase();
    const service = await startService({ env: { DATABASE_URL, MAX_JOURNAL_QUEUE: '10' } });
    const { socket } = await enter(service, 'ann');
    await insist(socket, 'first');
    const stranger = new pg.Client({ connectionString: DATABASE_URL });
    await stranger.connect();
    // As a node does that has stopped in the middle of a transaction.
    await stranger.query('begin; select 1 from conversations for update');
    socket.send({ type: 2, data: 'held', ref: 'held' });
    const waiting = 'select count(*)::int as count from pg_locks where not granted';
    await comesTo('somebody who waits', async () => {
      const { rows } = await stranger.query<{ count: number }>(waiting);
      return rows[0]?.count === 1;
    });
    for (let i = 0; i < 30; i++) socket.send({ type: 2, data: 'more', ref: `more ${i}` });
    const refused = await socket.take(20, { type: 7 });
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['busy']));
    await stranger.query('commit');
    await stranger.end();
    // The one that waited, and the ten behind it.
    await socket.take(11, { type: 6 });
  });

  it('serves what another one stored, and knows its people', async () => {
    await startServer();
    const DATABASE_URL = await server.createDatabase();
    const JWT_SECRET = 'vR8s0mYt4Lq2Zx6NcB1wKd9HgF3jPe7U';
    const one = await startService({ env: { DATABASE_URL, JWT_SECRET } });
    const other = await startService({ env: { DATABASE_URL, JWT_SECRET } });
    const ann = await enter(one, 'ann');
    await insist(ann.socket, 'said to one');
    const socket = await join(other, ann.tokens);
    await insist(socket, 'said to one');
    await insist(socket, 'said to the other');
    socket.send({ type: 8, data: { lobby: 0 } });
    await socket.next({ type: 8 });
    expect((await guest(other)).user.username).toBe('guest-1');
    expect((await guest(one)).user.username).toBe('guest-2');
    await one.stop();
    await other.stop();
  });

  it('waits at its start for a server that is late', async () => {
    await startServer();
    const DATABASE_URL = await server.createDatabase();
    await server.kill();
    const service = new Service({ env: { DATABASE_URL } });
    const starting = service.start();
    await comesTo('the notice', async () =>
      service.logs().includes('Waiting for PostgreSQL at 127.0.0.1:'),
    );
    await server.start();
    await starting;
    expect(await status(service)).toBe(200);
    await service.stop();
  });

  it.each([
    [
      'nobody answers',
      'postgres://parley:PASSWORD@127.0.0.1:1/parley',
      /127\.0\.0\.1:1 .*ECONNREFUSED/,
    ],
    ['there is no such database', '/missing', /3D000.*"missing"/],
    ['there is no such role', '//stranger:', /28000.*stranger/],
  ])('is refused in a line, without a password, where %s', async (_what, place, line) => {
    await startServer();
    const own = withPassword(server.url());
    const DATABASE_URL = place.startsWith('//')
      ? own.replace('//parley:', place)
      : place.startsWith('/')
        ? own.replace(/\/postgres$/, place)
        : place.replace('PASSWORD', CANARY);
    const { code, output, logs } = await runService({
      env: { DATABASE_URL, DATABASE_START_TIMEOUT: '0.5' },
    });
    expect(code).toBe(1);
    expect(output).toBe('');
    expect(logs).toMatch(line);
    expect(logs).not.toContain(CANARY);
    expect(logs).not.toMatch(/^\s+at /m);
  });

  it('is refused in production where the server does not sync, and warns elsewhere', async () => {
    await startServer('-c', 'fsync=off');
    const DATABASE_URL = await server.createDatabase();
    const production = { NODE_ENV: 'production', JWT_SECRET: 'vR8s0mYt4Lq2Zx6NcB1wKd9HgF3jPe7U' };
    const { code, logs } = await runService({ env: { DATABASE_URL, ...production } });
    expect([code, logs]).toEqual([1, expect.stringMatching(/cannot be used: fsync is off/)]);
    const service = await startService({ env: { DATABASE_URL } });
    await service.logged(/"level":"warn".*fsync is off/);
    await service.stop();
  });

  describeWith('openssl', 'over TLS', () => {
    /** A certificate for `localhost`, in a folder that the server's user can read. */
    function certificate(): { readonly key: string; readonly cert: string } {
      const folder = temporaryFolder('tls');
      const [key, cert] = [path(folder, 'key.pem'), path(folder, 'cert.pem')];
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '2',
          '-subj',
          '/CN=localhost',
          '-addext',
          'subjectAltName=DNS:localhost',
          '-keyout',
          key,
          '-out',
          cert,
        ],
        { stdio: 'ignore' },
      );
      return { key, cert };
    }

    it('believes only a server that has the certificate, and where asked to, the name', async () => {
      const { key, cert } = certificate();
      server = new PostgresServer();
      server.useCertificate(readFileSync(key, 'utf8'), readFileSync(cert, 'utf8'));
      await server.start();
      const url = await server.createDatabase();
      const named = url.replace('127.0.0.1', 'localhost');
      const DATABASE_CA_FILE = cert;
      for (const [DATABASE_URL, DATABASE_SSLMODE] of [
        [named, 'verify-full'],
        [url, 'verify-ca'],
        [url, 'require'],
      ] as const) {
        const env = { DATABASE_URL, DATABASE_SSLMODE, DATABASE_CA_FILE };
        const service = await startService({ env });
        const [row] = await ask<{ plain: number }>(
          url,
          `select count(*)::int as plain from pg_stat_ssl join pg_stat_activity using (pid)
           where application_name = 'parley' and not ssl`,
        );
        expect(row?.plain).toBe(0);
        await service.stop();
      }
      for (const env of [
        { DATABASE_URL: url, DATABASE_SSLMODE: 'verify-full', DATABASE_CA_FILE },
        { DATABASE_URL: named, DATABASE_SSLMODE: 'verify-full' },
        { DATABASE_URL: url, DATABASE_SSLMODE: 'verify-ca' },
      ]) {
        const { code, logs } = await runService({ env });
        expect([code, logs]).toEqual([
          1,
          expect.stringMatching(/cannot be used: .*certificate|cert's altnames/i),
        ]);
      }
    });
  });
});

async function comesTo(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await until(
    async () => ((await isSo()) ? true : null),
    what,
    () => 'not so',
  );
}
