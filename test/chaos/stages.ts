import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster } from '../support/cluster.js';
import { startService } from '../support/service.js';
import type { Stage } from './stage.js';

const ENVIRONMENT = {
  LOG_LEVEL: 'warn',
  // Longer than any run.
  ACCESS_TOKEN_TTL: '86400',
  // So that a device that knows nothing gets as much as possible by Sync, the rest page by page.
  MAX_SYNC_MESSAGES: '100000',
};

/** @param dataDir where the service keeps its data */
export async function oneService(dataDir: string): Promise<Stage> {
  const service = await startService({ dataDir, env: ENVIRONMENT });
  return { place: service, nodes: [service], parts: {}, close: () => service.kill() };
}

/** @param dataDir where the nodes' logs are written at the end */
export async function threeNodes(dataDir: string): Promise<Stage> {
  const { nodes, postgres, redis, balancer } = await startCluster({ env: ENVIRONMENT });
  const services = nodes.map(({ service }) => service);
  return {
    place: balancer,
    nodes: services,
    parts: { postgres, redis },
    close: async () => {
      await balancer.close();
      await Promise.all(services.map((service) => service.kill()));
      await Promise.all([postgres.kill(), redis.kill()]);
      for (const [at, service] of services.entries()) {
        writeFileSync(join(dataDir, `node-${at}.log`), service.logs());
      }
    },
  };
}
