import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { Envelope } from '../../src/engines/redis/envelope.js';
import type { RedisLink } from '../../src/engines/redis/redis-link.js';
import { RedisSignalBus } from '../../src/engines/redis/redis-signal-bus.js';
import type { Signal } from '../../src/presence/signal-bus.js';
import { bounded } from '../support/bounded.js';
import { HandClock } from '../support/hand-clock.js';
import { redisClient, redisPlace, type RedisPlace, startRedis } from '../support/redis.js';
import { LINK_SECRET, openLink, until } from '../support/redis-link.js';
import { describeWith } from '../support/requirements.js';
import { startProxy } from '../support/tcp-proxy.js';

const LOBBY = 'room:lobby';
const TIME = 1_790_000_000_000;

const typing = (username: string, details: Signal['details'] = {}): Signal => ({
  kind: 'typing',
  person: { id: '01ANN', username },
  time: TIME,
  details,
});

/** Notes whose signals come. */
class Ear {
  readonly heard: string[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(bus: RedisSignalBus) {
    bus.subscribe((_topic, { person }) => {
      this.heard.push(person.username);
      for (const look of this.waiting) look();
    });
  }

  async hears(username: string): Promise<void> {
    const heard = new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.heard.includes(username)) resolve();
      };
      this.waiting.add(look);
      look();
    });
    await bounded(heard, username, () => this.heard.join());
  }
}

describeWith('redis-server', 'Signals over Redis', () => {
  let place: RedisPlace;
  let wire: Redis;

  beforeEach(async () => {
    place = await redisPlace();
    wire = await redisClient(place.url);
  });

  afterEach(() => {
    wire.disconnect();
  });

  async function listening(): Promise<{ link: RedisLink; bus: RedisSignalBus; ear: Ear }> {
    const link = await openLink(place);
    const bus = new RedisSignalBus(link, new HandClock());
    await bus.follow(LOBBY);
    return { link, bus, ear: new Ear(bus) };
  }

  const channelOf = (topic: string): string => `${place.prefix}:signals:${topic}`;
  const sealed = (body: unknown, on = LOBBY, secret = LINK_SECRET): string =>
    new Envelope(secret, 'another').seal(
      channelOf(on),
      typeof body === 'string' ? body : JSON.stringify(body),
    );
  const said = (username: string): unknown[] => ['typing', '01ANN', username, TIME, {}];
  const altered = (at: number, value: unknown): unknown[] => said('mallory').with(at, value);

  it.each<[string, string, () => string]>([
    ['version', 'nothing', () => ''],
    ['signature', 'what is signed with another secret', () => sealed(said('m'), LOBBY, 'guessed')],
    ['signature', 'what was said on another channel', () => sealed(said('m'), 'room:other')],
    ['malformed', 'what is no JSON', () => sealed('{')],
    ['malformed', 'what is no list', () => sealed('"typing"')],
    ['malformed', 'a kind that is none', () => sealed(altered(0, 'Typing!'))],
    ['malformed', 'a kind that is too long', () => sealed(altered(0, 'x'.repeat(33)))],
    ['malformed', 'an id that is empty', () => sealed(altered(1, ''))],
    ['malformed', 'a name that is too long', () => sealed(altered(2, 'x'.repeat(513)))],
    ['malformed', 'a time that no clock shows', () => sealed(altered(3, 9e15))],
    ['malformed', 'details that are a list', () => sealed(altered(4, []))],
    ['malformed', 'a detail that is an object', () => sealed(altered(4, { seq: {} }))],
    ['malformed', 'a detail that is too long', () => sealed(altered(4, { text: 'x'.repeat(513) }))],
    [
      'malformed',
      'too many details',
      () => sealed(altered(4, { a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1 })),
    ],
    [
      'malformed',
      'the prototype of objects',
      () => sealed('["typing","01ANN","m",1,{"__proto__":1}]'),
    ],
    [
      'malformed',
      'what is too long in all',
      () => sealed(`${JSON.stringify(said('m'))}${' '.repeat(4_096)}`),
    ],
  ])('passes nothing on, and counts as %s, %s [S47]', async (reason, _, frame) => {
    const { link, ear } = await listening();
    await wire.publish(channelOf(LOBBY), frame());
    // It goes on.
    await wire.publish(channelOf(LOBBY), sealed(said('ann')));
    await ear.hears('ann');
    expect(ear.heard).toEqual(['ann']);
    expect(link.refused.read().get(reason)).toBe(1);
  });

  it('hears five thousand signals a second, and counts the others [S47]', async () => {
    const { link, ear } = await listening();
    const crowd = Array.from({ length: 5_010 }, (_, at) => sealed(said(`n${at}`)));
    await Promise.all(crowd.map((frame) => wire.publish(channelOf(LOBBY), frame)));
    await ear.hears('n4999');
    await link.subscribe(channelOf('anything'), () => undefined);
    expect(ear.heard).toHaveLength(5_000);
    expect(link.refused.read().get('too-many')).toBe(10);
  });

  it('tells other nodes two thousand signals a second; its own people hear all of them', async () => {
    const { ear } = await listening();
    const { bus, ear: own } = await listening();
    for (let at = 0; at < 2_100; at++) bus.publish(LOBBY, typing(`n${at}`));
    expect(own.heard).toHaveLength(2_100);
    await ear.hears('n1999');
    await wire.publish(channelOf(LOBBY), sealed(said('last')));
    await ear.hears('last');
    expect(ear.heard).toHaveLength(2_001);
  });

  it('keeps to this node what is too long for the others', async () => {
    const { ear } = await listening();
    const { bus, ear: own } = await listening();
    bus.publish(LOBBY, typing('long', { text: 'x'.repeat(5_000) }));
    bus.publish(LOBBY, typing('short'));
    await ear.hears('short');
    expect(ear.heard).toEqual(['short']);
    expect(own.heard).toEqual(['long', 'short']);
  });

  it('brings nothing that is not followed any more', async () => {
    const { bus, ear } = await listening();
    await bus.follow('room:other');
    bus.unfollow(LOBBY);
    const { bus: talker } = await listening();
    talker.publish(LOBBY, typing('unheard'));
    talker.publish('room:other', typing('heard'));
    await ear.hears('heard');
    expect(ear.heard).toEqual(['heard']);
  });

  it('loses what is said while Redis is away, and goes on by itself when it is back', async () => {
    const redis = await startRedis();
    const proxy = await startProxy(redis.port);
    const cut = await openLink({ url: `redis://127.0.0.1:${proxy.port}`, prefix: 'cut' }, 500);
    const bus = new RedisSignalBus(cut, new HandClock());
    const ear = new Ear(bus);
    const other = await openLink({ url: redis.url, prefix: 'cut' }, 500);
    const talker = new RedisSignalBus(other, new HandClock());
    proxy.freeze();
    await until(cut, false);
    await bus.follow(LOBBY);
    bus.publish(LOBBY, typing('own'));
    talker.publish(LOBBY, typing('lost'));
    proxy.thaw();
    await until(cut, true);
    talker.publish(LOBBY, typing('back'));
    await ear.hears('back');
    expect(ear.heard).toEqual(['own', 'back']);
  });
});
