import { expect, it } from '@jest/globals';
import { RedisMessageBus } from '../../src/engines/redis/redis-message-bus.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { bounded } from '../support/bounded.js';
import { startRedis } from '../support/redis.js';
import { openLink } from '../support/redis-link.js';
import { describeWith } from '../support/requirements.js';

describeWith('redis-server', 'A bus whose Redis dies', () => {
  it('says so at once, so that nobody waits for what it will not bring', async () => {
    const redis = await startRedis();
    const link = await openLink({ url: redis.url, prefix: 'break' });
    const bus = new RedisMessageBus(link, new SystemScheduler());
    await bus.start();
    const lost = new Promise<string | null>((resolve) => {
      bus.observe({ reached: () => undefined, lost: resolve });
    });
    await redis.kill();
    expect(await bounded(lost, 'the word of a loss', () => '')).toBeNull();
    expect(bus.isUp).toBe(false);
    bus.stop();
  });
});
