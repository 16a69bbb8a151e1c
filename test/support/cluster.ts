import { type Balancer, startBalancer } from './balancer.js';
import type { RequirementName } from './requirements.js';
import { PostgresServer } from './postgres.js';
import { type RedisServer, startRedis } from './redis.js';
import { Service } from './service.js';
import { startProxy, type TcpProxy } from './tcp-proxy.js';

/** What {@link startCluster} runs. */
export const CLUSTER_NEEDS = [
  'postgresql of its own',
  'redis-server',
] as const satisfies readonly RequirementName[];

export interface ClusterOptions {
  readonly nodes?: number;
  /** Settings of every node, on top of those that make them one service. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One of several processes over one PostgreSQL and one Redis, with its own links to them. */
export interface ClusterNode {
  readonly service: Service;
  readonly toPostgres: TcpProxy;
  readonly toRedis: TcpProxy;
}

/** A service of several nodes with everything it needs, each in a process of its own. */
export interface Cluster {
  readonly nodes: readonly ClusterNode[];
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  /** Where clients connect. */
  readonly balancer: Balancer;
}

/** Everything is cleaned up at the end of the test file at the latest. */
export async function startCluster({ nodes = 3, env = {} }: ClusterOptions = {}): Promise<Cluster> {
  const postgres = new PostgresServer();
  const [redis] = await Promise.all([startRedis(), postgres.start()]);
  const members = await Promise.all(
    Array.from({ length: nodes }, () => newNode(postgres, redis, env)),
  );
  await Promise.all(members.map(({ service }) => service.start()));
  const balancer = await startBalancer(members.map(({ service }) => service));
  return { nodes: members, postgres, redis, balancer };
}

async function newNode(
  postgres: PostgresServer,
  redis: RedisServer,
  env: Readonly<Record<string, string>>,
): Promise<ClusterNode> {
  const [toPostgres, toRedis] = [await startProxy(postgres.port), await startProxy(redis.port)];
  const service = new Service({
    env: {
      DATABASE_URL: postgres.url('postgres', toPostgres.port),
      REDIS_URL: `redis://127.0.0.1:${toRedis.port}`,
      JWT_SECRET: 'the nodes of one service know one secret',
      ...env,
    },
  });
  return { service, toPostgres, toRedis };
}
