import { beforeAll, expect, it } from '@jest/globals';
import { type Node, SharedStore, startNode } from '../support/nodes.js';
import { enter, join } from '../support/people.js';
import { redisPlace, startRedis } from '../support/redis.js';
import { until } from '../support/redis-link.js';
import { describeWith } from '../support/requirements.js';
import type { Frame } from '../support/ws-client.js';

function names({ data }: Frame): readonly string[] {
  return (data as { readonly username: string }[]).map(({ username }) => username);
}

/** Who is typing in the lobby, or in private with somebody. */
function typing(to: string | undefined, ...wanted: readonly string[]): (frame: Frame) => boolean {
  return (frame) => frame.type === 10 && frame.to === to && names(frame).join() === wanted.join();
}

describeWith('redis-server', 'Who types on one of two nodes', () => {
  let here: Node;
  let there: Node;

  beforeAll(async () => {
    const store = await SharedStore.open();
    const place = await redisPlace();
    here = await startNode(store, place, { PRESENCE_GRACE: '0.1' });
    there = await startNode(store, place, { PRESENCE_GRACE: '0.1' });
  });

  it('is told to the lobby on both, until they stop, say something or leave', async () => {
    const ann = await enter(here, 'ann');
    const ben = await enter(there, 'ben');
    const cleo = await enter(here, 'cleo');
    const own = await join(there, ann.tokens);
    ann.socket.send({ type: 10 });
    ben.socket.send({ type: 10 });
    await cleo.socket.next((frame) => frame.type === 10 && names(frame).length === 2);
    await ben.socket.next(typing(undefined, 'ann'));
    await own.next(typing(undefined, 'ben'));
    ben.socket.send({ type: 10, data: false });
    await cleo.socket.next(typing(undefined, 'ann'));
    ann.socket.send({ type: 2, data: 'said' });
    await ben.socket.next({ type: 2, data: 'said' });
    await ben.socket.next(typing(undefined));
    await cleo.socket.next(typing(undefined));
    cleo.socket.send({ type: 10 });
    await ben.socket.next(typing(undefined, 'cleo'));
    await cleo.socket.close();
    await ben.socket.next(typing(undefined));
    expect(own.frames.filter((frame) => frame.type === 10).flatMap(names)).not.toContain('ann');
  });

  it('is told in private wherever the other one is, and not to others there', async () => {
    const dan = await enter(here, 'dan');
    const eve = await enter(there, 'eve');
    const both = [eve.socket, await join(here, eve.tokens)];
    const fay = await enter(there, 'fay');
    dan.socket.send({ type: 10, to: 'eve' });
    for (const socket of both) await socket.next(typing('dan', 'dan'));
    dan.socket.send({ type: 3, to: 'eve', data: 'said' });
    for (const socket of both) {
      await socket.next({ type: 3, data: 'said' });
      await socket.next(typing('dan'));
    }
    for (const { socket } of [dan, fay]) {
      await socket.roundTrip();
      expect(socket.frames.filter((frame) => frame.type === 10 && frame.to)).toEqual([]);
    }
  });
});

describeWith('redis-server', 'Who types while Redis is away', () => {
  it('is told on their own node, and nobody is kept waiting', async () => {
    const redis = await startRedis();
    const store = await SharedStore.open();
    const node = await startNode(store, { url: redis.url, prefix: 'alone' });
    await redis.kill();
    await until(node.link, false);
    const ann = await enter(node, 'ann');
    const ben = await enter(node, 'ben');
    ann.socket.send({ type: 10, to: 'ben' });
    ann.socket.send({ type: 10 });
    await ben.socket.next(typing('ann', 'ann'));
    await ben.socket.next(typing(undefined, 'ann'));
  });
});
