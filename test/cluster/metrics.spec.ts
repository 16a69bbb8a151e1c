import { expect, it } from '@jest/globals';
import { ManagementServer } from '../../src/operations/management-server.js';
import { enter } from '../support/people.js';
import { redisClient, redisPlace } from '../support/redis.js';
import { describeWith } from '../support/requirements.js';
import { type Node, SharedStore, startNode } from '../support/nodes.js';

async function figure(node: Node, name: string): Promise<number> {
  const { port } = node.app.get(ManagementServer, { strict: false });
  const text = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
  const value = text.split('\n').find((line) => line.startsWith(`${name} `));
  return Number(value?.slice(name.length + 1));
}

describeWith('redis-server', 'The metrics of one of two nodes', () => {
  it('count what the bus lost and the store brought, and no more', async () => {
    const [store, place] = [await SharedStore.open(), await redisPlace()];
    const here = await startNode(store, place);
    const there = await startNode(store, place, { MANAGEMENT_PORT: '0' });
    const [ann, ben] = [await enter(here, 'ann'), await enter(there, 'ben')];
    const say = async (text: string): Promise<number> => {
      ann.socket.send({ type: 2, data: text, ref: text });
      return (await ann.socket.next({ type: 6, ref: text })).seq ?? 0;
    };
    await say('carried');
    await ben.socket.next({ type: 2, data: 'carried' });
    expect(await figure(there, 'parley_gaps_refilled_total')).toBe(0);

    there.link.unsubscribe(`${place.prefix}:bus:room:lobby`);
    await say('lost');
    await say('lost, too');
    await (await redisClient(place.url)).publish(`${place.prefix}:nodes`, "in nobody's name");
    await ben.socket.next({ type: 2, data: 'lost, too' });
    expect(await figure(there, 'parley_gaps_refilled_total')).toBe(2);
    expect(await figure(there, 'parley_gaps_open')).toBe(0);
    expect(await figure(there, 'parley_redis_refused_total{reason="version"}')).toBe(1);
  });

  it('tell how long its own words take over the bus', async () => {
    const node = await startNode(await SharedStore.open(), await redisPlace(), {
      MANAGEMENT_PORT: '0',
    });
    const patience = performance.now() + 10_000;
    while ((await figure(node, 'parley_bus_lag_seconds_count')) === 0) {
      expect(performance.now()).toBeLessThan(patience);
    }
    expect(await figure(node, 'parley_bus_lag_seconds_sum')).toBeGreaterThan(0);
  });
});
