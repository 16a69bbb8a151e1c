import { beforeAll, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { Envelope } from '../../src/engines/redis/envelope.js';
import { bounded } from '../support/bounded.js';
import { enter, type Member } from '../support/people.js';
import { redisClient, redisPlace, type RedisPlace } from '../support/redis.js';
import { LINK_SECRET } from '../support/redis-link.js';
import { describeWith } from '../support/requirements.js';
import { type Node, SharedStore, startNode } from '../support/nodes.js';

const LOBBY = 'room:lobby';

/** What a node says of a message, as anybody can see who reads along. */
function batchOf(seq: number, text: string): string {
  const author = ['01JC0000000000000000000000', 'mallory'];
  return JSON.stringify(['batch', [[LOBBY, seq, '01JD', Date.now(), author, null, text, 'm.1']]]);
}

describeWith('redis-server', 'Somebody else who can write to Redis [S47]', () => {
  let place: RedisPlace;
  let wire: Redis;
  let nodes: readonly Node[];
  let ann: Member;
  let ben: Member;

  beforeAll(async () => {
    const store = await SharedStore.open();
    place = await redisPlace();
    wire = await redisClient(place.url);
    nodes = [await startNode(store, place), await startNode(store, place)];
    const [here, there] = nodes as [Node, Node];
    [ann, ben] = [await enter(here, 'ann'), await enter(there, 'ben')];
  });

  /** Ann says something, and Ben hears it on the other node: all is well. */
  async function talk(text: string): Promise<void> {
    ann.socket.send({ type: 2, data: text, ref: text });
    const { seq } = await ann.socket.next({ type: 6, ref: text });
    expect(await ben.socket.next({ type: 2, data: text })).toMatchObject({ seq });
  }

  const channels = (): readonly string[] => [
    `${place.prefix}:bus:${LOBBY}`,
    `${place.prefix}:bus:person:${ben.tokens.user.id}`,
    `${place.prefix}:nodes`,
    `${place.prefix}:limits`,
    `{${place.prefix}}:presence:changes`,
    ...nodes.map(({ link }) => `${place.prefix}:echo:${link.node}`),
  ];

  it('ends no node, and stops nobody, with whatever is no frame', async () => {
    const deep = '['.repeat(50_000);
    const junk = [
      ...['', '{', 'null', '[]', '7', '"', deep, '{"__proto__":{"x":1}}', 'x'.repeat(1_000_000)],
      ...['[1,"x","heads",[["nonsense",5]]]', '[1,"x","batch",[["room:lobby",9e15]]]'],
      ...[
        '[1,"x","enter",["id",{}],"now"]',
        '[1,"x","leave",[1,2],null]',
        '[1,"x","spent",{"a":1}]',
      ],
      ...['[1,"","enter",["01X","x"],1e300]', '[1,"","enter",["","x"],1]', '2.x.y.z'],
    ];
    for (const channel of channels()) for (const one of junk) await wire.publish(channel, one);
    await talk('after the junk');
    const come = ben.socket.frames.filter(({ type }) => type === 4 || type === 5);
    const strangers = come.filter(({ user }) => !['ann', 'ben'].includes(user?.username ?? ''));
    expect(strangers).toEqual([]);
  });

  it('puts no word into the room, and no number, under any signature but ours', async () => {
    const channel = `${place.prefix}:bus:${LOBBY}`;
    const forger = new Envelope('a secret that was guessed wrong, alas', 'mallory');
    for (const seq of [2, 3, 1_000, 9e15]) {
      for (const body of [batchOf(seq, 'forged'), JSON.stringify(['heads', [[LOBBY, seq]]])]) {
        await wire.publish(channel, forger.seal(channel, body));
        await wire.publish(channel, body);
      }
    }
    await talk('after the forgeries');
    expect(ben.socket.frames.filter(({ data }) => data === 'forged')).toEqual([]);
  });

  it('stops nothing even where a node itself speaks of what the store never had', async () => {
    const channel = `${place.prefix}:bus:${LOBBY}`;
    const node = new Envelope(LINK_SECRET, 'confused');
    for (const seq of [1_000, 9e15]) {
      for (const body of [
        batchOf(seq, 'never stored'),
        JSON.stringify(['heads', [[LOBBY, seq]]]),
      ]) {
        await wire.publish(channel, node.seal(channel, body));
      }
    }
    for (let i = 0; i < 60; i++) await talk(`word ${i}`);
    expect(ben.socket.frames.filter(({ data }) => data === 'never stored')).toEqual([]);
  });

  it('disturbs who is here for a moment at most, whatever stands under the keys', async () => {
    const key = (name: string): string => `{${place.prefix}}:presence:${name}`;
    const present = async (): Promise<string> => {
      ben.socket.send({ type: 1, ref: 'list' });
      return String((await ben.socket.next({ type: 1, ref: 'list' })).data);
    };
    await wire.hset(key('people'), 'forged', 'no JSON', ben.tokens.user.id, '{"u":7}');
    await wire.zadd(key('order'), 0, 'forged');
    expect(await present()).toContain('"ann"');
    await wire.multi().del(key('order')).set(key('order'), 'a text').exec();
    // Each node tells its people again with its next renewal.
    let list = '';
    const all = (async () => {
      while (!list.includes('"ann"') || !list.includes('"ben"')) list = await present();
    })();
    await bounded(all, 'both of them in the list', () => list);
    await talk('whoever is here');
  });
});
