import { afterAll, describe } from '@jest/globals';
import { RedisMessageBus } from '../../src/engines/distributed/redis/redis-message-bus.js';
import { describeWith } from '../support/requirements.js';
import { redisPlace, type RedisPlace, startRedisCluster } from '../support/redis.js';
import { openLink } from '../support/redis-link.js';
import { type BusUnderTest, messageBusContract } from './message-bus.suite.js';

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

describeWith('redis-server', 'The Redis engine', () => {
  messageBusContract(async () => twoBuses(await redisPlace()));
});

describeWith('redis-server', 'The Redis engine on a cluster', () => {
  const server = startRedisCluster();
  afterAll(async () => (await server).kill());

  describe('with sharded publications', () => {
    messageBusContract(async () => twoBuses({ url: (await server).url, prefix: 'cluster' }));
  });
});
