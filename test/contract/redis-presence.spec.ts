import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  LEASE,
  type Lease,
  RedisPresenceStore,
} from '../../src/engines/redis/redis-presence-store.js';
import type { RedisLink } from '../../src/engines/redis/redis-link.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import type { PresenceChange } from '../../src/presence/presence-store.js';
import { bounded, until as untilFound } from '../support/bounded.js';
import { redisClient, redisPlace, type RedisPlace, startRedis } from '../support/redis.js';
import { openLink, until } from '../support/redis-link.js';
import { describeWith } from '../support/requirements.js';
import { startProxy } from '../support/tcp-proxy.js';

const PROGRAM = fileURLToPath(new URL('arrive-until-killed.ts', import.meta.url));

/** Changes elsewhere that a node passes on per second. */
const CHANGES_PER_SECOND = 1_000;
const NOW = 1_790_000_000_000;
const ANN = { id: '01ANN', username: 'ann' };
const BEN = { id: '01BEN', username: '本' };
const CLEO = { id: '01CLEO', username: 'cleo' };

/** A second's work in a quarter. */
const SHORT: Lease = { lifeMs: 800, renewEveryMs: 200 };

class Node {
  readonly told: string[] = [];
  private readonly waiting = new Set<() => void>();

  static async start(place: RedisPlace, lease = SHORT): Promise<Node> {
    const link = await openLink(place, 500);
    const node = new Node(link, new RedisPresenceStore(link, new SystemScheduler(), lease));
    await node.presence.start();
    return node;
  }

  private constructor(
    readonly link: RedisLink,
    readonly presence: RedisPresenceStore,
  ) {
    presence.onElsewhere((change: PresenceChange) => {
      this.told.push(`${change.kind} ${change.person.username}`);
      for (const look of this.waiting) look();
    });
  }

  async hears(what: string): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      const look = (): void => {
        if (!this.told.includes(what)) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
    await bounded(heard, what, () => this.told.join());
  }

  /** Goes without a word, as a process does that is killed. */
  die(): void {
    this.link.close();
  }

  async names(): Promise<readonly string[]> {
    const { items } = await this.presence.page(100);
    return items.map(({ username, connections }) => `${username} ${connections}`);
  }

  /** Asks until it is so: the tests' bound of time is jest's. */
  async untilHere(...names: readonly string[]): Promise<void> {
    const wanted = [...names].sort().join();
    let seen = '';
    const same = (async () => {
      for (;;) {
        seen = [...(await this.names())].sort().join();
        if (seen === wanted) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await bounded(same, wanted, () => seen);
  }
}

describeWith('redis-server', 'Presence over several nodes', () => {
  let place: RedisPlace;
  let nodes: Node[];

  beforeEach(async () => {
    place = await redisPlace();
    nodes = [await Node.start(place), await Node.start(place), await Node.start(place)];
  });

  afterEach(() => {
    for (const node of nodes) node.die();
  });

  it('tells each change once: who makes it by the answer, the others by word', async () => {
    const [one, two, three] = nodes as [Node, Node, Node];
    expect(await one.presence.arrive(ANN, 'a1', NOW)).toBe(true);
    expect(await two.presence.arrive(ANN, 'a2', NOW)).toBe(false);
    await Promise.all([two.hears('enter ann'), three.hears('enter ann')]);
    expect(await one.presence.depart(ANN, 'a1')).toBe(false);
    expect(await two.presence.depart(ANN, 'a2')).toBe(true);
    await Promise.all([one.hears('leave ann'), three.hears('leave ann')]);
    expect(nodes.map((node) => node.told)).toEqual([
      ['leave ann'],
      ['enter ann'],
      ['enter ann', 'leave ann'],
    ]);
  });

  it('has one first and one last, however many devices race on however many nodes', async () => {
    for (let round = 0; round < 5; round++) {
      const came = await Promise.all(
        nodes.flatMap(({ presence }, at) =>
          Array.from({ length: 20 }, (_, i) => presence.arrive(BEN, `${at}.${i}`, NOW)),
        ),
      );
      expect(came.filter(Boolean)).toHaveLength(1);
      expect(await nodes[0]?.names()).toEqual(['本 60']);
      const went = await Promise.all(
        nodes.flatMap(({ presence }, at) =>
          Array.from({ length: 20 }, (_, i) => presence.depart(BEN, `${at}.${i}`)),
        ),
      );
      expect(went.filter(Boolean)).toHaveLength(1);
    }
    await Promise.all(nodes.map((node) => node.untilHere()));
  });

  it('lets go of the people of a node that died, and tells it once to each that lives', async () => {
    const [dead, two, three] = nodes as [Node, Node, Node];
    await dead.presence.arrive(ANN, 'a1', NOW);
    await dead.presence.arrive(BEN, 'b1', NOW);
    await two.presence.arrive(BEN, 'b2', NOW);
    dead.die();
    await Promise.all([two.hears('leave ann'), three.hears('leave ann')]);
    await two.untilHere('本 1');
    expect(two.told).toEqual(['enter ann', 'enter 本', 'leave ann']);
    expect(three.told).toEqual(['enter ann', 'enter 本', 'leave ann']);
  });

  it('leaves nothing in Redis for ever, whoever dies', async () => {
    const [one, two] = nodes as [Node, Node];
    await one.presence.arrive(ANN, 'a1', NOW);
    await two.presence.arrive(BEN, 'b1', NOW);
    await one.presence.depart(ANN, 'a1');
    const redis = await redisClient(place.url);
    const keys = await redis.keys(`{${place.prefix}}:*`);
    const lives = await Promise.all(keys.map((key) => redis.pttl(key)));
    expect(keys.length).toBeGreaterThan(5);
    expect(Math.min(...lives)).toBeGreaterThan(SHORT.lifeMs);
    expect(Math.max(...lives)).toBeLessThanOrEqual(300 * SHORT.lifeMs);
  });

  it('is whole again within a renewal when somebody else wrote under its keys [S47]', async () => {
    const [one, two] = nodes as [Node, Node];
    await one.presence.arrive(ANN, 'a1', NOW);
    await two.presence.arrive(BEN, 'b1', NOW);
    const redis = await redisClient(place.url);
    for (const name of ['leases', 'conns', 'counts', 'people', 'order', 'birth']) {
      const key = `{${place.prefix}}:presence:${name}`;
      await redis.multi().del(key).rpush(key, 'a list').exec();
      await Promise.all([one.untilHere('ann 1', '本 1'), two.untilHere('ann 1', '本 1')]);
    }
    // The key is there again with the next renewal of either node.
    const order = `{${place.prefix}}:presence:order`;
    const look = async (): Promise<true | null> =>
      (await redis.type(order)) === 'zset' ? true : null;
    await untilFound(look, 'the order to be a sorted set', () => 'something else');
  });

  it.each([
    'no JSON',
    '{}',
    '[]',
    '[2,"","enter",["01X","x"],1]',
    '[1,"","come",["01X","x"],1]',
    '[1,"","enter",["01X"],1]',
    '[1,"","enter",[7,"x"],1]',
    '[1,"","enter",["","x"],1]',
    '[1,"","enter",["01X","x"],"now"]',
    '[1,"","enter",["01X","x"],1e300]',
    `[1,"","enter",["01X",${JSON.stringify('x'.repeat(5_000))}],1]`,
  ])('tells nobody of a change that no node made: %.40s [S47]', async (word) => {
    const [one] = nodes as [Node];
    const redis = await redisClient(place.url);
    await redis.publish(`{${place.prefix}}:presence:changes`, word);
    await redis.publish(`{${place.prefix}}:presence:changes`, '[1,"","enter",["01X","ok"],1]');
    await one.hears('enter ok');
    expect(one.told).toEqual(['enter ok']);
    expect(one.link.refused.read().get('malformed')).toBe(1);
  });

  it('passes on a bounded number of changes, whoever floods [S47]', async () => {
    const [one] = nodes as [Node];
    const redis = await redisClient(place.url);
    const refused = (): number => one.link.refused.read().get('too-many') ?? 0;
    const heard = (): number => one.told.length + refused();
    let cuts = 0;
    const end = one.link.onChange(() => cuts++);
    const began = performance.now();
    // However slowly they come: until some are refused.
    for (let round = 0; refused() === 0 && round < 20; round++) {
      await until(one.link, true);
      const [before, cutsBefore] = [heard(), cuts];
      const words = redis.pipeline();
      for (let i = 0; i < 5_000; i++) {
        words.publish(`{${place.prefix}}:presence:changes`, `[1,"","enter",["01X","x${i}"],1]`);
      }
      await words.exec();
      // What is published while a link is down comes never.
      const allCame = (): Promise<true | null> =>
        Promise.resolve(heard() >= before + 5_000 || cuts > cutsBefore || null);
      await untilFound(allCame, '5000 changes', () => String(heard() - before));
    }
    end();
    const seconds = (performance.now() - began) / 1_000;
    expect(refused()).toBeGreaterThan(0);
    expect(one.told.length).toBeLessThanOrEqual(CHANGES_PER_SECOND * (1 + seconds));
  });

  it('lets go of the people of a process that was killed', async () => {
    const lease = [SHORT.lifeMs, SHORT.renewEveryMs].map(String);
    const child = spawn(process.execPath, [PROGRAM, place.url, place.prefix, 'dora', ...lease], {
      env: process.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await Promise.all(nodes.map((node) => node.hears('enter dora')));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await Promise.all(nodes.map((node) => node.hears('leave dora')));
    expect(nodes.map((node) => node.told)).toEqual(nodes.map(() => ['enter dora', 'leave dora']));
  });

  it('gives back what a node has that stops, when the grace is over', async () => {
    const [stopping, two] = nodes as [Node, Node];
    await stopping.presence.arrive(ANN, 'a1', NOW);
    await stopping.presence.stop(0);
    stopping.die();
    await two.hears('leave ann');
    await two.untilHere();
  });
});

describeWith('redis-server', 'Presence on a Redis that fails', () => {
  it('is whole again after Redis came back empty, and nobody is told anything', async () => {
    const redis = await startRedis();
    const place = { url: redis.url, prefix: 'empty' };
    const [one, two] = [await Node.start(place), await Node.start(place)];
    await one.presence.arrive(ANN, 'a1', NOW);
    await two.presence.arrive(BEN, 'b1', NOW);
    await Promise.all([two.hears('enter ann'), one.hears('enter 本')]);

    await redis.kill();
    await Promise.all([until(one.link, false), until(two.link, false)]);
    expect(await one.names()).toEqual(['ann 1']);
    await redis.start();
    await Promise.all([until(one.link, true), until(two.link, true)]);

    await Promise.all([one.untilHere('ann 1', '本 1'), two.untilHere('ann 1', '本 1')]);
    expect([one.told, two.told]).toEqual([['enter 本'], ['enter ann']]);
  });

  it('tells afterwards who came and went meanwhile', async () => {
    const redis = await startRedis();
    const place = { url: redis.url, prefix: 'meanwhile' };
    const [one, two] = [await Node.start(place), await Node.start(place)];
    await one.presence.arrive(ANN, 'a1', NOW);
    await two.hears('enter ann');
    const proxyless = two.told.length;

    await redis.kill();
    await until(one.link, false);
    expect(await one.presence.arrive(CLEO, 'c1', NOW)).toBe(false);
    expect(await one.presence.arrive(BEN, 'b1', NOW)).toBe(false);
    expect(await one.presence.depart(BEN, 'b1')).toBe(false);
    await redis.start();

    await Promise.all([one.hears('enter cleo'), two.hears('enter cleo')]);
    await two.untilHere('ann 1', 'cleo 1');
    expect(two.told.slice(proxyless)).toEqual(['enter cleo']);
  });

  it('takes a node for dead that cannot reach Redis, and welcomes it back', async () => {
    const redis = await startRedis();
    const proxy = await startProxy(redis.port);
    const prefix = 'parted';
    const near = await Node.start({ url: redis.url, prefix });
    const far = await Node.start({ url: `redis://127.0.0.1:${proxy.port}`, prefix });
    await far.presence.arrive(ANN, 'a1', NOW);
    await far.presence.arrive(BEN, 'b1', NOW);
    await near.hears('enter 本');

    proxy.freeze();
    await Promise.all([near.hears('leave ann'), near.hears('leave 本')]);
    await until(far.link, false);
    await far.presence.depart(BEN, 'b1');
    near.told.length = 0;
    proxy.thaw();

    await near.hears('enter ann');
    await near.untilHere('ann 1');
    expect(near.told).toEqual(['enter ann']);
  });
});

describe('The lease', () => {
  it('is over, and cleared up behind, within twenty seconds', () => {
    expect(LEASE.lifeMs + LEASE.renewEveryMs).toBeLessThan(20_000);
    expect(LEASE.lifeMs).toBeGreaterThan(3 * LEASE.renewEveryMs);
  });
});
