import { setTimeout as delay } from 'node:timers/promises';
import { admit, gather } from '../load/crowd.js';
import type { Member } from '../load/member.js';
import { untilQuiet } from '../measure/quiet.js';
import { ServerProcess } from '../measure/server-process.js';
import type { Pass, Peer } from '../peers/peer.js';
import type { Result, Workload } from './workload.js';

const COUNTS = [1_000, 2_500, 5_000, 10_000] as const;
const QUICK_COUNTS = [1_000, 2_500] as const;
/** Time for garbage to be collected before memory is read. */
const SETTLE_MS = 3_000;
const WARM_UP = 500;
const WARM_UP_SETTLE_MS = 12_000;
const LOOK_MS = 500;
const KIB = 1024;

export const idle: Workload = {
  name: 'idle',
  title: 'Memory of connections that say nothing',
  columns: [
    { key: 'kibPerConnection', title: 'RSS, KiB per connection', isCompared: true },
    { key: 'rssMib', title: 'RSS MiB' },
  ],
  limitMs: 300_000,
  suits: () => true,
  run: async (peer, { isQuick }) => {
    const counts = isQuick ? QUICK_COUNTS : COUNTS;
    const server = await ServerProcess.start(peer);
    try {
      const passes = await admit(peer, server.port, Math.max(...counts));
      // What log-ins leave behind in memory must not stand for connections, nor make room for them.
      await server.restart();
      const empty = await warmedRss(peer, server, passes.slice(0, WARM_UP));
      const members: Member[] = [];
      const results: Result[] = [];
      for (const count of counts) {
        const arrivals = passes.slice(members.length, count);
        members.push(...(await gather(peer, server.port, arrivals)));
        await untilQuiet(server);
        await delay(SETTLE_MS);
        const rss = server.meter.rssBytes();
        const figures = {
          kibPerConnection: (rss - empty) / count / KIB,
          rssMib: rss / KIB / KIB,
        };
        const isWhole = members.every((member) => !member.lost);
        const setting = `${count} connections`;
        results.push({ setting, x: count, outcome: isWhole ? 'ok' : 'lost', figures });
      }
      for (const member of members) member.leave();
      return results;
    } finally {
      await server.stop();
    }
  },
};

/**
 * The least that the server takes once it has had connections and is empty again: a process that
 * has just started holds garbage, which would later look like room for connections.
 */
async function warmedRss(
  peer: Peer,
  server: ServerProcess,
  passes: readonly Pass[],
): Promise<number> {
  const members = await gather(peer, server.port, passes);
  for (const member of members) member.leave();
  const end = performance.now() + WARM_UP_SETTLE_MS;
  let least = server.meter.rssBytes();
  while (performance.now() < end) {
    await delay(LOOK_MS);
    least = Math.min(least, server.meter.rssBytes());
  }
  return least;
}
