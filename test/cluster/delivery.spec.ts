import { beforeAll, describe, expect, it } from '@jest/globals';
import { roomTopic } from '../../src/chat/conversations/key.js';
import { LOBBY_KEY } from '../../src/chat/conversations/lobby.js';
import { MessageBus } from '../../src/chat/log/message-bus.js';
import { Envelope } from '../../src/engines/redis/envelope.js';
import { buyTicket, enter, guest, join, type Member } from '../support/people.js';
import { redisClient, redisPlace, type RedisPlace, startRedis } from '../support/redis.js';
import { LINK_SECRET, until } from '../support/redis-link.js';
import { describeWith } from '../support/requirements.js';
import { type Node, SharedStore, startNode, stopNode } from '../support/nodes.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { type ChatSocket, connect, type Frame } from '../support/ws-client.js';

const said = (frame: Frame): boolean => frame.type === 2 && frame.seq !== undefined;
const whispered = (frame: Frame): boolean => frame.type === 3;

async function say(socket: ChatSocket, text: string): Promise<Frame> {
  socket.send({ type: 2, data: text, ref: text });
  return socket.next({ type: 6, ref: text });
}

async function whisper(socket: ChatSocket, to: string, text: string): Promise<Frame> {
  socket.send({ type: 3, data: text, to, ref: text });
  return socket.next({ type: 6, ref: text });
}

function numbers(frames: readonly Frame[]): readonly (number | undefined)[] {
  return frames.map((frame) => frame.seq);
}

const oneTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describeWith('redis-server', 'Two nodes', () => {
  let here: Node;
  let there: Node;
  let ann: Member;
  let ben: Member;
  let count = 0;

  beforeAll(async () => {
    const [store, place] = [await SharedStore.open(), await redisPlace()];
    [here, there] = [await startNode(store, place), await startNode(store, place)];
    [ann, ben] = [await enter(here, 'ann'), await enter(there, 'ben')];
  });

  it('bring what is said on one to everybody on both, in one order', async () => {
    for (; count < 20; count += 2) {
      await Promise.all([say(ann.socket, `a${count}`), say(ben.socket, `b${count}`)]);
    }
    expect(numbers(await ann.socket.take(20, said))).toEqual(oneTo(20));
    expect(numbers(await ben.socket.take(20, said))).toEqual(oneTo(20));
  });

  it('bring a private message to every device of both people, wherever it is', async () => {
    const [annThere, benHere] = [await join(there, ann.tokens), await join(here, ben.tokens)];
    const { seq } = await whisper(ann.socket, 'ben', 'psst');
    for (const socket of [ben.socket, benHere, annThere]) {
      expect(await socket.next(whispered)).toMatchObject({ data: 'psst', to: 'ben', seq });
    }
    await Promise.all([annThere.close(), benHere.close()]);
    expect(ann.socket.frames.filter(whispered)).toEqual([]);
  });

  it('take a ticket of the other node, once', async () => {
    const ticket = await buyTicket(here, ann.tokens.access_token);
    const socket = await connect(there.wsUrl, { ticket });
    await socket.next({ type: 2, user: null });
    const again = await connect(here.wsUrl, { ticket });
    expect((await again.closed()).code).toBe(4401);
    await socket.close();
  });

  it('end a session of one on the other [S7]', async () => {
    const cleo = await guest(here, 'cleo');
    const socket = await join(there, cleo);
    await fetch(`${here.url}/auth/logout`, {
      method: 'POST',
      headers: { authorization: `Bearer ${cleo.access_token}` },
    });
    expect((await socket.closed()).code).toBe(4409);
  });
});

describeWith('redis-server', 'What the bus does wrong [F7]', () => {
  let store: SharedStore;
  let place: RedisPlace;
  let here: Node;
  let there: Node;

  beforeAll(async () => {
    [store, place] = [await SharedStore.open(), await redisPlace()];
    [here, there] = [await startNode(store, place), await startNode(store, place)];
  });

  const room = (): string => `${place.prefix}:bus:room:lobby`;

  it('is made good: a lost publication is read from the store, in its place', async () => {
    const [ann, ben] = [await enter(here, 'ann'), await enter(there, 'ben')];
    const deaf = await redisClient(place.url);
    there.link.unsubscribe(room());
    const { seq: lost = 0 } = await say(ann.socket, 'lost');
    await ben.socket.roundTrip();
    expect(ben.socket.frames.filter(said)).toEqual([]);
    // Something that cannot be read may have been a message.
    await deaf.publish(`${place.prefix}:nodes`, 'from a later version');
    expect(await ben.socket.next(said)).toMatchObject({ data: 'lost', seq: lost });
  });

  it('is made good where nothing follows the last message that was lost', async () => {
    const ben = await enter(there, 'ben2');
    const ann = await enter(here, 'ann2');
    const { seq } = await say(ann.socket, 'the last one');
    expect(await ben.socket.next(said)).toMatchObject({ data: 'the last one', seq });
    for (const person of [ann, ben]) {
      there.link.unsubscribe(`${place.prefix}:bus:person:${person.tokens.user.id}`);
    }
    await whisper(ann.socket, 'ben2', 'a private last one');
    expect(await ben.socket.next(whispered)).toMatchObject({ data: 'a private last one', seq: 1 });
  });

  it('brings nothing again to who has it from another node', async () => {
    const own = await SharedStore.open();
    const late = { url: place.url, prefix: `${place.prefix}-late` };
    const [one, two] = [await startNode(own, late), await startNode(own, late)];
    const [ann, ben] = [await enter(one, 'ann'), await enter(one, 'ben')];
    const watcher = await enter(two, 'watcher');
    two.link.unsubscribe(`${late.prefix}:bus:room:lobby`);
    for (const text of ['m1', 'm2', 'm3']) await say(ann.socket, text);
    await ben.socket.next({ data: 'm3' });
    const moved = await connect(`${two.wsUrl}?resume=1`, { token: ben.tokens.access_token });
    moved.send({ type: 8, data: { lobby: 3 }, ref: 'sync' });
    await moved.next({ type: 8, ref: 'sync' });
    await watcher.socket.next({ data: 'm3' });
    await say(watcher.socket, 'm4');
    await moved.next({ data: 'm4' });
    expect(numbers(moved.frames.filter(said))).toEqual([4]);
    expect(numbers(watcher.socket.frames.filter(said))).toEqual(oneTo(4));
  });

  it('brings nothing again to who asks twice before this node has heard of it', async () => {
    const own = await SharedStore.open();
    const late = { url: place.url, prefix: `${place.prefix}-twice` };
    const [one, two] = [await startNode(own, late), await startNode(own, late)];
    const [ann, ben] = [await enter(one, 'ann'), await enter(two, 'ben')];
    two.link.unsubscribe(`${late.prefix}:bus:room:lobby`);
    const moved = await connect(`${two.wsUrl}?resume=1`, { token: ann.tokens.access_token });
    for (const [text, since] of [
      ['m1', 0],
      ['m2', 1],
      ['m3', 2],
    ] as const) {
      await say(ann.socket, text);
      moved.send({ type: 8, data: { lobby: since }, ref: text });
      await moved.next({ type: 8, ref: text });
    }
    await ben.socket.next({ data: 'm3' });
    await say(ben.socket, 'm4');
    await moved.next({ data: 'm4' });
    expect(numbers(moved.frames.filter(said))).toEqual(oneTo(4));
  });

  it('changes nothing where it repeats, reorders, or speaks of what never was', async () => {
    const fresh = { url: place.url, prefix: `${place.prefix}-fresh` };
    const own = await SharedStore.open();
    const [one, two] = [await startNode(own, fresh), await startNode(own, fresh)];
    const [ann, ben] = [await enter(one, 'ann'), await enter(two, 'ben')];
    const wire = await redisClient(fresh.url);
    const ear = await redisClient(fresh.url);
    const channel = `${fresh.prefix}:bus:room:lobby`;
    const frames: string[] = [];
    ear.on('message', (_channel: string, payload: string) => frames.push(payload));
    await ear.subscribe(channel);
    for (let i = 0; i < 5; i++) await say(ann.socket, `m${i}`);
    await ben.socket.next({ data: 'm4' });
    two.link.unsubscribe(channel);
    for (let i = 5; i < 10; i++) await say(ann.socket, `m${i}`);
    await two.app.get(MessageBus, { strict: false }).follow(roomTopic(LOBBY_KEY));
    for (const frame of [...frames, ...frames].reverse()) await wire.publish(channel, frame);
    const never = JSON.stringify(['heads', [['room:lobby', 1_000]]]);
    await wire.publish(channel, new Envelope(LINK_SECRET, 'another').seal(channel, never));
    await ben.socket.next({ data: 'm9' });
    expect(numbers(ben.socket.frames.filter(said))).toEqual(oneTo(10));
  });
});

describeWith('redis-server', 'A Redis that fails [F7]', () => {
  it('costs nothing: killed and started empty, while people talk', async () => {
    const [store, redis] = [await SharedStore.open(), await startRedis()];
    const place = { url: redis.url, prefix: 'kill' };
    const [here, there] = [await startNode(store, place), await startNode(store, place)];
    const [ann, ben] = [await enter(here, 'ann'), await enter(there, 'ben')];
    await say(ann.socket, 'before');

    await redis.kill();
    await Promise.all([until(here.link, false), until(there.link, false)]);
    expect((await fetch(`${here.url}/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${here.url}/health/ready`)).json()).toEqual({ status: 'degraded' });
    await say(ann.socket, 'during');
    await whisper(ann.socket, 'ben', 'secretly');
    await ben.socket.next({ data: 'during' });
    await ben.socket.next({ data: 'secretly' });
    const cleo = await enter(there, 'cleo');
    await say(cleo.socket, 'also during');

    await redis.start();
    await Promise.all([until(here.link, true), until(there.link, true)]);
    await say(ben.socket, 'after');
    await ann.socket.next({ data: 'after' });
    expect(numbers(ann.socket.frames.filter(said))).toEqual(oneTo(4));
    expect(numbers(ben.socket.frames.filter(said))).toEqual(oneTo(4));
    expect(await (await fetch(`${here.url}/health/ready`)).json()).toEqual({ status: 'ok' });
    await ann.socket.next({ type: 4, user: cleo.tokens.user });
  });

  describe('towards one node', () => {
    let proxy: TcpProxy;
    let here: Node;
    let there: Node;

    beforeAll(async () => {
      const [store, redis] = [await SharedStore.open(), await startRedis()];
      proxy = await startProxy(redis.port);
      const prefix = 'cut';
      here = await startNode(store, { url: redis.url, prefix });
      there = await startNode(store, { url: `redis://127.0.0.1:${proxy.port}`, prefix });
    });

    it.each(['reset', 'freeze'] as const)('is noticed and made good: %s', async (fault) => {
      const [ann, ben] = [await enter(here, `ann-${fault}`), await enter(there, `ben-${fault}`)];
      proxy[fault]();
      await until(there.link, false);
      await say(ann.socket, `to ${fault}`);
      await say(ben.socket, `from ${fault}`);
      await ben.socket.next({ data: `to ${fault}` });
      proxy.thaw();
      await until(there.link, true);
      await ann.socket.next({ data: `from ${fault}` });
      await ben.socket.next({ data: `from ${fault}` });
      for (const { socket } of [ann, ben]) {
        const seqs = numbers(socket.frames.filter(said));
        expect(seqs).toEqual([...seqs].sort((a, b) => Number(a) - Number(b)));
        expect(new Set(seqs).size).toBe(seqs.length);
      }
    });

    it('only slows the other way down where it is slow', async () => {
      proxy.delayBy(150);
      const [ann, ben] = [await enter(here, 'ann-slow'), await enter(there, 'ben-slow')];
      for (let i = 0; i < 10; i++) await say(i % 2 ? ann.socket : ben.socket, `slow ${i}`);
      await ben.socket.next({ data: 'slow 9' });
      await ann.socket.next({ data: 'slow 9' });
      const texts = (socket: ChatSocket) =>
        socket.frames.filter((frame) => String(frame.data).startsWith('slow')).map((f) => f.data);
      const all = Array.from({ length: 10 }, (_, i) => `slow ${i}`);
      expect(texts(ann.socket)).toEqual(all);
      expect(texts(ben.socket)).toEqual(all);
      proxy.delayBy(0);
    });
  });

  it('does not keep a node from starting', async () => {
    const [store, redis] = [await SharedStore.open(), await startRedis()];
    const place = { url: redis.url, prefix: 'late' };
    await redis.kill();
    const node = await startNode(store, place);
    const ann = await enter(node, 'ann');
    await say(ann.socket, 'alone');
    await ann.socket.next({ data: 'alone' });
    await redis.start();
    await until(node.link, true);
    await stopNode(node);
  });

  it('is refused with one sentence, and no password in it, where it does not admit us', async () => {
    const redis = await startRedis(['--requirepass', 'canary-right']);
    const store = await SharedStore.open();
    const url = `redis://:canary-wrong@127.0.0.1:${redis.port}`;
    // Patient, since a Redis that does not answer in time is waited for, and not refused.
    const start = startNode(store, { url, prefix: 'refused' }, { REDIS_TIMEOUT: '30' });
    await expect(start).rejects.toThrow(/REDIS_URL: Redis does not admit/);
    await expect(start).rejects.not.toThrow(/canary/);
  });
});
