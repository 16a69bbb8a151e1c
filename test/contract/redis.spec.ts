import { afterAll, beforeAll, describe } from '@jest/globals';
import { RedisMessageBus } from '../../src/engines/redis/redis-message-bus.js';
import { RedisPresenceStore } from '../../src/engines/redis/redis-presence-store.js';
import { RedisSignalBus } from '../../src/engines/redis/redis-signal-bus.js';
import { SystemClock } from '../../src/kernel/clock.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { describeWith } from '../support/requirements.js';
import {
  redisPlace,
  type RedisPlace,
  type RedisServer,
  startRedisCluster,
} from '../support/redis.js';
import { openLink } from '../support/redis-link.js';
import { type BusUnderTest, messageBusContract } from './message-bus.suite.js';
import { presenceStoreContract, type PresenceUnderTest } from './presence-store.suite.js';
import { type SignalBusUnderTest, signalBusContract } from './signal-bus.suite.js';

const scheduler = new SystemScheduler();

async function twoBuses(place: RedisPlace): Promise<BusUnderTest> {
  const links = [await openLink(place), await openLink(place)] as const;
  const [publisher, listener] = [
    new RedisMessageBus(links[0], scheduler),
    new RedisMessageBus(links[1], scheduler),
  ];
  await Promise.all([publisher.start(), listener.start()]);
  return {
    publisher,
    listener,
    dispose: () => {
      for (const bus of [publisher, listener]) bus.stop();
      for (const link of links) link.close();
      return Promise.resolve();
    },
  };
}

async function twoSignalBuses(place: RedisPlace): Promise<SignalBusUnderTest> {
  const links = [await openLink(place), await openLink(place)] as const;
  return {
    publisher: new RedisSignalBus(links[0], new SystemClock()),
    listener: new RedisSignalBus(links[1], new SystemClock()),
    dispose: () => {
      for (const link of links) link.close();
      return Promise.resolve();
    },
  };
}

async function presenceOn(place: RedisPlace): Promise<PresenceUnderTest> {
  const link = await openLink(place);
  const presence = new RedisPresenceStore(link, scheduler);
  await presence.start();
  return {
    presence,
    dispose: async () => {
      await presence.stop(0);
      link.close();
    },
  };
}

describeWith('redis-server', 'The Redis engine', () => {
  messageBusContract(async () => twoBuses(await redisPlace()));
  signalBusContract(async () => twoSignalBuses(await redisPlace()));
  presenceStoreContract(async () => presenceOn(await redisPlace()));
});

describeWith('redis-server', 'The Redis engine on a cluster', () => {
  let server: RedisServer;
  let opened = 0;

  beforeAll(async () => {
    server = await startRedisCluster();
  });

  afterAll(() => server.kill());

  describe('with sharded publications', () => {
    messageBusContract(() => twoBuses({ url: server.url, prefix: 'cluster' }));
    signalBusContract(() => twoSignalBuses({ url: server.url, prefix: 'cluster' }));
    presenceStoreContract(() => presenceOn({ url: server.url, prefix: `cluster-${++opened}` }));
  });
});
