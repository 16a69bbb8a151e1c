import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { enter } from '../support/people.js';
import { ask, PostgresServer } from '../support/postgres.js';
import { RedisServer, startRedis } from '../support/redis.js';
import { describeWith } from '../support/requirements.js';
import { runService, type Service, startService, temporaryFolder } from '../support/service.js';

const PASSWORD = 'p%ss/wörd canary';
/** As docs/operations.md gives them. */
const RIGHTS =
  '+@connection +@scripting +@pubsub +@hash +@set +@sortedset +@string +pexpire +type +del +info +time';

function certificate(): { readonly key: string; readonly cert: string } {
  const folder = temporaryFolder('tls');
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', cert];
  const how = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  execFileSync('openssl', [...how, ...names, ...files], { stdio: 'ignore' });
  return { key, cert };
}

/** Admits nobody but over TLS and by SCRAM. */
async function securedPostgres(key: string, cert: string): Promise<PostgresServer> {
  const server = new PostgresServer();
  server.useCertificate(readFileSync(key, 'utf8'), readFileSync(cert, 'utf8'));
  await server.start();
  const [place] = await ask<{ file: string }>(
    server.url(),
    `select setting as file from pg_settings where name = 'hba_file'`,
  );
  await ask(server.url(), `alter role parley password '${PASSWORD}'`);
  const rule = 'hostssl all all all scram-sha-256';
  await ask(server.url(), `copy (select '${rule}') to '${place?.file ?? ''}'`);
  await ask(server.url(), 'select pg_reload_conf()');
  return server;
}

/** Admits one user, to the prefix alone, and speaks nothing but TLS. */
async function securedRedis(key: string, cert: string): Promise<RedisServer> {
  const { port } = await freed(await startRedis());
  const server = new RedisServer(port, [
    ...['--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no'],
    ...['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert],
    ...['--user', 'default', 'off'],
    ...['--user', 'node', 'on', '>canary-redis', '~{parley}:*', '&parley:*', '&{parley}:*'],
    ...RIGHTS.split(' '),
  ]);
  await server.start();
  return server;
}

/** Its port is free again. */
async function freed(redis: RedisServer): Promise<RedisServer> {
  await redis.kill();
  return redis;
}

describeWith(
  ['postgresql of its own', 'redis-server', 'openssl'],
  'Nodes whose PostgreSQL and Redis want a password, over TLS only',
  () => {
    let env: Readonly<Record<string, string>>;
    let nodes: readonly Service[];

    beforeAll(async () => {
      const { key, cert } = certificate();
      const [postgres, redis] = [await securedPostgres(key, cert), await securedRedis(key, cert)];
      env = {
        DATABASE_URL: postgresUrl(postgres.port, PASSWORD),
        DATABASE_SSLMODE: 'verify-full',
        DATABASE_CA_FILE: cert,
        DATABASE_START_TIMEOUT: '5',
        REDIS_URL: `rediss://node:canary-redis@localhost:${redis.port}`,
        NODE_EXTRA_CA_CERTS: cert,
        JWT_SECRET: 'the nodes of one service know one secret',
      };
      nodes = [await startService({ env }), await startService({ env })];
    });

    afterAll(async () => {
      await Promise.all(nodes.map((node) => node.stop()));
    });

    it('are one service, and log no password', async () => {
      const [one, two] = nodes;
      if (!one || !two) throw new Error('two nodes were started');
      const [ann, ben] = [await enter(one, 'ann'), await enter(two, 'ben')];
      await ann.socket.next({ type: 4, user: ben.tokens.user });
      ann.socket.send({ type: 2, data: 'hello', ref: 'r1' });
      await ben.socket.next({ type: 2, data: 'hello' });
      expect(await (await fetch(`${two.url}/health/ready`)).json()).toEqual({ status: 'ok' });
      for (const node of nodes) expect(node.logs()).not.toContain('canary');
    });

    it.each(['wrong canary', ''])('do not start with another password: "%s"', async (password) => {
      const { hostname, port } = new URL(env['REDIS_URL'] ?? '');
      for (const other of [
        {
          DATABASE_URL: env['DATABASE_URL']?.replace(
            /:[^:@]*@/,
            `:${encodeURIComponent(password)}@`,
          ),
        },
        { REDIS_URL: `rediss://node:${encodeURIComponent(password)}@${hostname}:${port}` },
      ]) {
        const { code, logs } = await runService({ env: { ...env, ...other } });
        expect([code, logs]).toEqual([
          1,
          expect.stringMatching(/PostgreSQL .* cannot be used|REDIS_URL/),
        ]);
        expect(logs).not.toContain('canary');
      }
    });

    it('speak with no Redis that nobody vouches for', async () => {
      const node = await startService({ env: { ...env, NODE_EXTRA_CA_CERTS: undefined } });
      expect(await (await fetch(`${node.url}/health/ready`)).json()).toEqual({
        status: 'degraded',
      });
      expect(node.logs()).not.toContain('canary');
      await node.stop();
    });
  },
);

function postgresUrl(port: number, password: string): string {
  return `postgres://parley:${encodeURIComponent(password)}@localhost:${port}/postgres`;
}
