import { RedisLink } from '../../src/engines/redis/redis-link.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';
import { atEnd } from './leftovers.js';
import type { RedisPlace } from './redis.js';

/** The secret that links of tests sign with, so that a test can sign, too. */
export const LINK_SECRET = 'the nodes of one service know one secret';

const links = new Set<RedisLink>();

atEnd(() => {
  for (const link of links) link.close();
});

/** A node's link to Redis, as in the service; ended with the test file at the latest. */
export async function openLink({ url, prefix }: RedisPlace, timeoutMs = 1_000): Promise<RedisLink> {
  const options = { url, prefix, timeoutMs, secret: LINK_SECRET };
  const link = new RedisLink(options, new SystemScheduler());
  links.add(link);
  await link.start();
  return link;
}

/** Resolves when the link is up, or down. */
export async function until(link: RedisLink, isUp: boolean): Promise<void> {
  if (link.isUp === isUp) return;
  await new Promise<void>((resolve) => {
    const end = link.onChange((now) => {
      if (now !== isUp) return;
      end();
      resolve();
    });
  });
}
