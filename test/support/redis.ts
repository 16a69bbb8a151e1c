import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { bounded } from './bounded.js';
import { atEnd } from './leftovers.js';
import { freePort } from './ports.js';
import { temporaryFolder } from './service.js';

const running = new Set<RedisServer>();

atEnd(async () => {
  await Promise.all([...running].map((server) => server.kill()));
});

/** A server for any test, and a prefix of this test's own. */
export interface RedisPlace {
  readonly url: string;
  readonly prefix: string;
}

/** A Redis of the test's own on a free port of loopback, without persistence. */
export class RedisServer {
  private child: ChildProcess | null = null;
  private log = '';

  constructor(
    readonly port: number,
    private readonly options: readonly string[] = [],
  ) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}/`;
  }

  async start(): Promise<void> {
    const child = spawn(
      'redis-server',
      [
        ...['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
        ...['--dir', temporaryFolder('redis'), ...this.options],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.child = child;
    running.add(this);
    const ready = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(new Error(`redis-server ended at its start: ${this.log}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        this.log += chunk.toString();
        if (this.log.includes('Ready to accept connections')) resolve();
      });
    });
    await bounded(ready, 'redis-server to be ready', () => this.log);
    this.log = '';
  }

  /** Kills it, as a crash does: its memory is lost. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    running.delete(this);
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const end = once(child, 'exit');
    child.kill('SIGKILL');
    await end;
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** A client of the test's own, to look behind the service and to interfere. */
  async client(): Promise<Redis> {
    return redisClient(this.url);
  }
}

const clients = new Set<Redis>();

atEnd(() => {
  for (const client of clients) client.disconnect();
});

export async function redisClient(url: string): Promise<Redis> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  clients.add(client);
  await client.connect();
  return client;
}

/** A server for a test that stops, cuts or slows it. */
export async function startRedis(options: readonly string[] = []): Promise<RedisServer> {
  const server = new RedisServer(await freePort(), options);
  await server.start();
  return server;
}

/** One node with all slots of a cluster. */
export async function startRedisCluster(): Promise<RedisServer> {
  const server = await startRedis([
    ...['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'],
  ]);
  const client = await server.client();
  await client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  while (!String(await client.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  client.disconnect();
  return server;
}

let shared: Promise<RedisServer> | null = null;

/** A prefix of its own on the server that TEST_REDIS_URL names, or on this test file's. */
export async function redisPlace(): Promise<RedisPlace> {
  const url = process.env['TEST_REDIS_URL'] ?? (await (shared ??= startRedis())).url;
  return { url, prefix: `test-${randomUUID()}` };
}
