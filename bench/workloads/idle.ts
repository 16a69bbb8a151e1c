import { setTimeout as delay } from 'node:timers/promises';
import { admit, gather } from '../load/crowd.js';
import type { Member } from '../load/member.js';
import { untilQuiet } from '../measure/quiet.js';
import { ServerProcess } from '../measure/server-process.js';
import type { Pass, Peer } from '../peers/peer.js';
import type { Result, Workload } from './workload.js';

const COUNTS = [1_000, 2_500, 5_000, 10_000] as const;
const QUICK_COUNTS = [1_000, 2_500] as const;
const WARM_UP = 1_000;
/** Lets garbage be collected before memory is read. */
const SETTLE_MS = 3_000;
const KIB = 1024;

export const idle: Workload = {
  name: 'idle',
  title: 'Memory of connections that say nothing',
  columns: [
    { key: 'kibPerConnection', title: 'RSS KiB per further connection', isCompared: true },
    { key: 'rssMib', title: 'RSS MiB' },
  ],
  limitMs: 300_000,
  suits: () => true,
  run: async (peer, { isQuick }) => {
    const counts = isQuick ? QUICK_COUNTS : COUNTS;
    const server = await ServerProcess.start(peer);
    try {
      const passes = await admit(peer, server.port, Math.max(...counts));
      // Memory that log-ins leave behind must neither count as connections, nor make room for them.
      await server.restart();
      await warmUp(peer, server, passes.slice(0, WARM_UP));
      const members: Member[] = [];
      const results: Result[] = [];
      for (const count of counts) {
        const arrivals = passes.slice(members.length, count);
        members.push(...(await gather(peer, server.port, arrivals)));
        await settle(server);
        const rssMib = server.meter.rssBytes() / KIB / KIB;
        const isWhole = members.every((member) => !member.lost);
        results.push({
          setting: `${count} connections`,
          x: count,
          outcome: isWhole ? 'ok' : 'lost',
          figures: { rssMib, ...perConnection(results[0], count, rssMib) },
        });
      }
      for (const member of members) member.leave();
      return results;
    } finally {
      await server.stop();
    }
  },
};

/**
 * Growth since the smallest number of connections. A process that has just started holds garbage
 * that the first connections clear, so that an empty server is no baseline.
 */
function perConnection(
  fewest: Result | undefined,
  count: number,
  rssMib: number,
): Record<string, number> {
  if (!fewest) return {};
  const growthMib = rssMib - (fewest.figures['rssMib'] ?? Number.NaN);
  return { kibPerConnection: (growthMib * KIB) / (count - fewest.x) };
}

async function warmUp(peer: Peer, server: ServerProcess, passes: readonly Pass[]): Promise<void> {
  const members = await gather(peer, server.port, passes);
  for (const member of members) member.leave();
  await settle(server);
}

async function settle(server: ServerProcess): Promise<void> {
  await untilQuiet(server);
  await delay(SETTLE_MS);
}
