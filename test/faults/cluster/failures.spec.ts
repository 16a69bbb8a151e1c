import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '../../support/bounded.js';
import { type Cluster, CLUSTER_NEEDS, startCluster } from '../../support/cluster.js';
import { enter, type Place } from '../../support/people.js';
import { describeWith } from '../../support/requirements.js';
import type { ChatSocket } from '../../support/ws-client.js';
import { Load } from './load.js';

/** Enough for every talker to be in the middle of it. */
const SOME = 300;
/** A lease, and somebody who looks. */
const GHOSTS_GONE_MS = 20_000;

interface Listed {
  readonly username: string;
  readonly connections: number;
}

async function list(socket: ChatSocket): Promise<readonly Listed[]> {
  socket.send({ type: 1, ref: 'list' });
  const { data } = await socket.next({ type: 1, ref: 'list' });
  return JSON.parse(String(data)) as Listed[];
}

/** Resolves when the node says that it is so. */
async function untilReadiness(place: Place, status: string): Promise<void> {
  let seen = '';
  const look = async (): Promise<true | null> => {
    seen = await (await fetch(`${place.url}/health/ready`)).text();
    return seen.includes(`"${status}"`) ? true : null;
  };
  await until(look, `readiness ${status}`, () => seen);
}

describeWith(CLUSTER_NEEDS, 'Three processes, while people talk [F8]', () => {
  let cluster: Cluster;
  let load: Load;

  beforeAll(async () => {
    cluster = await startCluster({ env: { PRESENCE_GRACE: '0.1', REDIS_TIMEOUT: '0.5' } });
    load = await Load.begin(cluster.balancer);
  });

  afterAll(() => load.end());

  it('lose a node to kill -9: its clients go on elsewhere, its ghosts go, nothing is lost', async () => {
    const [{ service: dying }, { service: other }] = cluster.nodes as [
      Cluster['nodes'][0],
      Cluster['nodes'][0],
    ];
    const watcher = await enter(other, 'watcher');
    const ghost = await enter(dying, 'ghost');
    await watcher.socket.next({ type: 4, user: ghost.tokens.user });
    await load.more(SOME);

    await dying.kill();
    await load.more(SOME);
    await watcher.socket.next({ type: 5, user: ghost.tokens.user }, GHOSTS_GONE_MS);
    const here = await list(watcher.socket);
    expect(here.filter(({ username }) => username === 'ghost')).toEqual([]);
    // Ghosts of those who are still here are not counted either.
    expect(here.filter(({ connections }) => connections > 2)).toEqual([]);

    await dying.start();
    expect(await load.wrongs()).toEqual([]);
    const leaves = watcher.socket.frames.filter(({ type }) => type === 5);
    expect(leaves.map(({ user }) => user?.username)).toEqual(['ghost']);
    await watcher.socket.close();
  });

  it('are restarted one after the other: nobody loses anything', async () => {
    for (const { service } of cluster.nodes) {
      await load.more(SOME);
      cluster.balancer.takeOut(service);
      expect(await service.stop()).toBe(0);
      await load.more(SOME);
      await service.start();
      cluster.balancer.putBack(service);
    }
    expect(await load.wrongs()).toEqual([]);
  });

  it('lose Redis, which comes back empty: people talk on, nothing is lost [F7]', async () => {
    await load.more(SOME);
    await cluster.redis.kill();
    for (const { service } of cluster.nodes) await untilReadiness(service, 'degraded');
    await load.more(SOME);
    await cluster.redis.start();
    for (const { service } of cluster.nodes) await untilReadiness(service, 'ok');
    await load.more(SOME);
    expect(await load.wrongs()).toEqual([]);
  });

  it('lose PostgreSQL, which recovers: refused for now is all that anybody sees', async () => {
    await load.more(SOME);
    await cluster.postgres.kill();
    await cluster.postgres.start();
    await load.more(SOME);
    expect(await load.wrongs()).toEqual([]);
  });

  it.each(['toRedis', 'toPostgres'] as const)(
    'have one node cut off (%s): it heals when the way is open again',
    async (way) => {
      const { [way]: proxy, service } = cluster.nodes[1] as Cluster['nodes'][0];
      await load.more(SOME);
      proxy.goDown();
      await untilReadiness(service, way === 'toRedis' ? 'degraded' : 'unavailable');
      await load.more(SOME / 10);
      proxy.comeUp();
      await untilReadiness(service, 'ok');
      await load.more(SOME);
      expect(await load.wrongs()).toEqual([]);
    },
  );
});
