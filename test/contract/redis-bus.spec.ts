import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { roomTopic } from '../../src/chat/conversations/key.js';
import { Envelope } from '../../src/engines/redis/envelope.js';
import type { RedisLink } from '../../src/engines/redis/redis-link.js';
import { RedisMessageBus } from '../../src/engines/redis/redis-message-bus.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { bounded } from '../support/bounded.js';
import { redisClient, redisPlace, type RedisPlace, startRedis } from '../support/redis.js';
import { LINK_SECRET, openLink, until } from '../support/redis-link.js';
import { describeWith } from '../support/requirements.js';
import { startProxy } from '../support/tcp-proxy.js';
import { many, ROOM, stored } from './drafts.js';

const ALICE = { id: '01ALICE', username: 'Alice' };

const batch = (count: number) =>
  many(ALICE, count).map((draft, index) => ({ ...stored(draft, index + 1), origin: 'n.1' }));

/** A bus that notes what it knows of its losses. */
class Ear {
  readonly heard: string[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(readonly bus: RedisMessageBus) {
    bus.observe({
      reached: (conversation, seq) => this.note(`reached ${conversation} ${seq}`),
      lost: (topic) => this.note(`lost ${String(topic)}`),
    });
  }

  async hears(what: string): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.heard.includes(what)) resolve();
      };
      this.waiting.add(look);
      look();
    });
    await bounded(heard, what, () => this.heard.join());
  }

  private note(what: string): void {
    this.heard.push(what);
    for (const look of this.waiting) look();
  }
}

describeWith('redis-server', 'A bus that knows that it loses', () => {
  let place: RedisPlace;
  let buses: RedisMessageBus[];
  let wire: Redis;

  async function busOn(link: RedisLink): Promise<RedisMessageBus> {
    const bus = new RedisMessageBus(link, new SystemScheduler());
    await bus.start();
    buses.push(bus);
    return bus;
  }

  beforeEach(async () => {
    buses = [];
    place = await redisPlace();
    wire = await redisClient(place.url);
  });

  afterEach(() => {
    for (const bus of buses) bus.stop();
    wire.disconnect();
  });

  it('says once more how far a conversation came when it falls silent', async () => {
    const talker = await busOn(await openLink(place));
    const ear = new Ear(await busOn(await openLink(place)));
    await ear.bus.follow(roomTopic(ROOM));
    await talker.publish(batch(3));
    await ear.hears(`reached ${ROOM} 3`);
    expect(ear.heard).toEqual([`reached ${ROOM} 3`]);
  });

  const heads = '["heads",[["room:lobby",5]]]';
  const channelOf = (topic: string): string => `${place.prefix}:bus:${topic}`;
  const sealed = (body: string, on: string = ROOM, secret = LINK_SECRET): string =>
    new Envelope(secret, 'another').seal(channelOf(on), body);

  it.each<[string, string, () => string]>([
    ['version', 'nothing', () => ''],
    ['version', 'no frame at all', () => 'null'],
    ['version', 'what an older version said', () => '[1,"x","heads",[["nonsense",5]]]'],
    ['version', 'what a later version says', () => sealed(heads).replace(/^2/, '3')],
    ['signature', 'what is signed with another secret', () => sealed(heads, ROOM, 'guessed')],
    ['signature', 'what was said on another channel', () => sealed(heads, 'room:other')],
    ['signature', 'what was altered', () => sealed(heads).replace('5', '6')],
    ['signature', 'what has no signature', () => `2.another.${'A'.repeat(22)}.${heads}`],
    ['too-large', 'what no node would say', () => 'x'.repeat(17 * 1024 * 1024)],
    ['malformed', 'a frame that is none', () => sealed('{')],
    ['malformed', 'a key that is none', () => sealed('["heads",[["nonsense",5]]]')],
    ['version', 'a batch of another version', () => sealed('["batch",[]]')],
    ['malformed', 'a conversation of others', () => sealed('["heads",[["room:other",5]]]')],
  ])('takes for a loss, and counts as %s, %s [S47]', async (reason, _, frame) => {
    const link = await openLink(place);
    const ear = new Ear(await busOn(link));
    await ear.bus.follow(roomTopic(ROOM));
    await wire.publish(channelOf(ROOM), frame());
    await ear.hears(`lost ${ROOM}`);
    expect(ear.heard).toEqual([`lost ${ROOM}`]);
    expect(link.refused.read().get(reason)).toBe(1);
    // It goes on.
    await wire.publish(channelOf(ROOM), sealed(heads));
    await ear.hears(`reached ${ROOM} 5`);
  });

  it('goes on when somebody who hears of it fails', async () => {
    const ear = new Ear(await busOn(await openLink(place)));
    ear.bus.observe({
      reached: () => {
        throw new Error('on purpose');
      },
      lost: () => {
        throw new Error('on purpose');
      },
    });
    await ear.bus.follow(roomTopic(ROOM));
    for (const frame of ['', sealed(heads), sealed('["heads",[["room:lobby",6]]]')]) {
      await wire.publish(channelOf(ROOM), frame);
    }
    await ear.hears(`reached ${ROOM} 6`);
  });

  it('tells the others to look when it was cut off while something was stored', async () => {
    const redis = await startRedis();
    const proxy = await startProxy(redis.port);
    const cut = await openLink({ url: `redis://127.0.0.1:${proxy.port}`, prefix: 'cut' }, 500);
    const talker = new Ear(await busOn(cut));
    const ear = new Ear(await busOn(await openLink({ url: redis.url, prefix: 'cut' }, 500)));
    proxy.freeze();
    await until(cut, false);
    await talker.bus.publish(batch(1));
    proxy.thaw();
    await Promise.all([ear.hears('lost null'), talker.hears('lost null')]);
  });

  it('never lets who publishes wait, and keeps no more than it may for a Redis that does not read', async () => {
    const redis = await startRedis();
    const proxy = await startProxy(redis.port);
    const link = await openLink({ url: `redis://127.0.0.1:${proxy.port}`, prefix: 'stuck' }, 5_000);
    const bus = await busOn(link);
    proxy.freeze();
    const megabyte = 'x'.repeat(1024 * 1024);
    const taken = Array.from({ length: 50 }, () => link.publish('anywhere', megabyte));
    expect(taken.filter(Boolean)).toHaveLength(8);
    await bus.publish(batch(1_000));
    expect(bus.isUp).toBe(true);
    link.close();
  });
});
