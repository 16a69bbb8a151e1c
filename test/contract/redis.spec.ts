import { afterAll, describe } from '@jest/globals';
import { RedisMessageBus } from '../../src/engines/distributed/redis/redis-message-bus.js';
import { RedisPresenceStore } from '../../src/engines/distributed/redis/redis-presence-store.js';
import { describeWith } from '../support/requirements.js';
import { redisPlace, type RedisPlace, startRedisCluster } from '../support/redis.js';
import { openLink } from '../support/redis-link.js';
import { type BusUnderTest, messageBusContract } from './message-bus.suite.js';
import { presenceStoreContract, type PresenceUnderTest } from './presence-store.suite.js';

async function twoBuses(place: RedisPlace): Promise<BusUnderTest> {
  const links = [await openLink(place), await openLink(place)] as const;
  const [publisher, listener] = [new RedisMessageBus(links[0]), new RedisMessageBus(links[1])];
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

async function presenceOn(place: RedisPlace): Promise<PresenceUnderTest> {
  const link = await openLink(place);
  const presence = new RedisPresenceStore(link);
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
  presenceStoreContract(async () => presenceOn(await redisPlace()));
});

describeWith('redis-server', 'The Redis engine on a cluster', () => {
  const server = startRedisCluster();
  let opened = 0;
  afterAll(async () => (await server).kill());

  describe('with sharded publications', () => {
    messageBusContract(async () => twoBuses({ url: (await server).url, prefix: 'cluster' }));
    presenceStoreContract(async () =>
      presenceOn({ url: (await server).url, prefix: `cluster-${++opened}` }),
    );
  });
});
