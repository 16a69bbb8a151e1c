import { expect, it } from '@jest/globals';
import { bounded } from '../support/bounded.js';
import { guest, join } from '../support/people.js';
import { redisClient, redisPlace } from '../support/redis.js';
import { describeWith } from '../support/requirements.js';
import { SharedStore, startNode } from '../support/nodes.js';
import type { ChatSocket } from '../support/ws-client.js';

const MESSAGES = 20;

interface Traffic {
  readonly publications: number;
  readonly bytes: number;
}

/** What twenty messages, each a batch of its own, put on the bus. */
async function trafficOf(
  nodes: number,
  members: number,
  send: (socket: ChatSocket, text: string) => void,
): Promise<Traffic> {
  const [store, place] = [await SharedStore.open(), await redisPlace()];
  const all = await Promise.all(Array.from({ length: nodes }, () => startNode(store, place)));
  const sockets: ChatSocket[] = [];
  for (let i = 0; i < members; i++) {
    const node = all[i % nodes];
    if (node) sockets.push(await join(node, await guest(node, `member-${i}`)));
  }
  const tap = await redisClient(place.url);
  let publications = 0;
  let bytes = 0;
  let over: () => void = () => undefined;
  const end = new Promise<void>((resolve) => (over = resolve));
  tap.on('pmessage', (_pattern: string, channel: string, payload: string) => {
    if (channel.endsWith(':end')) over();
    // What is said about a silence depends on the time that the test takes.
    if (!payload.includes('"batch"')) return;
    publications++;
    bytes += Buffer.byteLength(payload);
  });
  await tap.psubscribe(`${place.prefix}:bus:*`);
  const [author] = sockets;
  for (let i = 0; i < MESSAGES; i++) {
    const ref = `ref-${String(i).padStart(3, '0')}`;
    if (author) send(author, ref);
    await author?.next({ type: 6, ref });
  }
  // On the same connection as what the author's node has published before.
  all[0]?.link.publish(`${place.prefix}:bus:end`, '');
  await bounded(end, 'the end', () => String(publications));
  tap.disconnect();
  return { publications, bytes };
}

const toRoom = (socket: ChatSocket, ref: string): void => {
  socket.send({ type: 2, data: 'x'.repeat(200), ref });
};
const toOne = (socket: ChatSocket, ref: string): void => {
  socket.send({ type: 3, data: 'x'.repeat(200), to: 'member-1', ref });
};

describeWith('redis-server', 'What goes over the bus', () => {
  it('is one publication for a message to the room, with however many members', async () => {
    const few = await trafficOf(2, 4, toRoom);
    const many = await trafficOf(2, 40, toRoom);
    const further = await trafficOf(3, 40, toRoom);
    expect([few, many, further].map(({ publications }) => publications)).toEqual([20, 20, 20]);
    expect(Math.abs(many.bytes - few.bytes)).toBeLessThan(few.bytes / 20);
  });

  it('is two for a private message: one for the nodes of each of the two', async () => {
    expect((await trafficOf(3, 6, toOne)).publications).toBe(2 * MESSAGES);
  });
});
