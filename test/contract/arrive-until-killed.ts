import { RedisLink } from '../../src/engines/redis/redis-link.js';
import { RedisPresenceStore } from '../../src/engines/redis/redis-presence-store.js';
import { SystemScheduler } from '../../src/kernel/scheduler.js';

/**
 * A program of its own: a node that one person is on. Its arguments are Redis's address, the prefix,
 * the person's name, and the lease and its renewal in milliseconds. Prints a line when they are there.
 */
const [url = '', prefix = '', username = '', lifeMs, renewEveryMs] = process.argv.slice(2);

const scheduler = new SystemScheduler();
const link = new RedisLink(
  { url, prefix, timeoutMs: 1_000, secret: 'the nodes of one service know one secret' },
  scheduler,
);
await link.start();
const lease = { lifeMs: Number(lifeMs), renewEveryMs: Number(renewEveryMs) };
const presence = new RedisPresenceStore(link, scheduler, lease);
await presence.start();
await presence.arrive({ id: `id of ${username}`, username }, 'connection', Date.now());
process.stdout.write('here\n');
// Neither the link nor its timers keep a process alive by themselves.
setInterval(() => undefined, 60_000);
