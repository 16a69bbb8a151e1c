import { setTimeout as delay } from 'node:timers/promises';
import { Bystanders } from '../load/bystanders.js';
import { admit } from '../load/crowd.js';
import { Histogram } from '../load/histogram.js';
import { faultOf, Returner } from '../load/returner.js';
import { MemoryWatch } from '../measure/memory-watch.js';
import { untilQuiet } from '../measure/quiet.js';
import { ServerProcess } from '../measure/server-process.js';
import type { Result, Workload } from './workload.js';

const CLIENTS = 5_000;
const QUICK_CLIENTS = 1_000;
const BYSTANDERS = 20;
/** Messages per second, from one of the bystanders to everybody. */
const RATE = 10;
/** How many of the crowd connect in parallel at first. */
const AT_A_TIME = 200;
const CALM_MS = 3_000;
/** What the storm stirs up outlasts the last reconnect. */
const AFTERMATH_MS = 1_000;
const MIB = 1024 * 1024;

/** The jitter of the clients' reconnects, in milliseconds: none, or as in @parley/client. */
const SPREADS = [0, 500] as const;

export const storm: Workload = {
  name: 'storm',
  title: `${CLIENTS} clients are cut at once and come back; ${RATE} messages/s go on`,
  columns: [
    { key: 'allBackMs', title: 'ms until all are back and caught up' },
    { key: 'p50BackMs', title: 'ms until half of them are' },
    { key: 'p50', title: 'bystander p50 ms' },
    { key: 'p99', title: 'bystander p99 ms' },
    { key: 'max', title: 'bystander max ms' },
    { key: 'timed', title: 'deliveries to bystanders that this counts' },
    { key: 'calmP99', title: 'bystander p99 ms before' },
    { key: 'serverCpuMs', title: 'server CPU ms' },
    { key: 'clientCpuMs', title: 'load client CPU ms' },
    { key: 'rssMib', title: 'RSS MiB before' },
    { key: 'rssPeakMib', title: 'RSS MiB at most' },
    { key: 'failures', title: 'connections that failed' },
  ],
  limitMs: 300_000,
  suits: (peer) => peer.recovery !== undefined,
  run: async (peer, { isQuick }) => {
    const server = await ServerProcess.start(peer);
    try {
      const count = isQuick ? QUICK_CLIENTS : CLIENTS;
      const passes = await admit(peer, server.port, count + BYSTANDERS);
      const bystanders = await Bystanders.gather(
        peer,
        server.port,
        passes.slice(0, BYSTANDERS),
        RATE,
      );
      const crowd = passes.slice(BYSTANDERS).map((pass) => new Returner(peer, pass, server.port));
      await comeOneByOne(crowd);
      await untilQuiet(server);
      const results: Result[] = [];
      for (const spread of SPREADS) {
        await bystanders.ask('speak');
        const figures = await cutAll(server, bystanders, crowd, spread);
        const { isBehind } = await bystanders.ask('hush');
        await untilQuiet(server);
        const setting = spread === 0 ? 'at the same moment' : `within ${spread / 1_000} s`;
        const outcome = isBehind ? 'behind' : 'ok';
        results.push({ setting, x: spread, outcome, figures, ...noteOf(crowd) });
      }
      const { sent, fault: faultOfBystanders } = await bystanders.ask('leave');
      const fault = faultOfBystanders ?? faultOf(crowd, sent);
      for (const { member } of crowd) member?.leave();
      if (fault === null) return results;
      return results.map((result) => ({ ...result, outcome: 'lost' as const, note: fault }));
    } finally {
      await server.stop();
    }
  },
};

export async function comeOneByOne(crowd: readonly Returner[]): Promise<void> {
  let next = 0;
  const comeNext = async (): Promise<void> => {
    for (let one = crowd[next++]; one !== undefined; one = crowd[next++]) await one.come();
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, comeNext));
}

/** Cuts all of them at once. @returns how they came back, and what bystanders felt of it */
export async function cutAll(
  server: ServerProcess,
  bystanders: Bystanders,
  crowd: readonly Returner[],
  spread: number,
): Promise<Record<string, number>> {
  await bystanders.ask('latency');
  await delay(CALM_MS);
  const calm = await bystanders.ask('latency');
  const failuresBefore = sum(crowd, ({ failures }) => failures);
  const memory = new MemoryWatch(server.meter);
  const cpu = { server: server.meter.cpuMs(), client: process.cpuUsage() };
  const begun = performance.now();
  const back = new Histogram();
  for (const { member } of crowd) member?.leave();
  await Promise.all(
    crowd.map(async (one) => {
      if (spread > 0) await delay(Math.random() * spread);
      back.record((await one.come()) - begun);
    }),
  );
  await delay(AFTERMATH_MS);
  const { p50, p99, max, count } = await bystanders.ask('latency');
  const { user, system } = process.cpuUsage(cpu.client);
  const { first, peak } = memory.stop();
  return {
    allBackMs: back.max,
    p50BackMs: back.percentile(50),
    p50,
    p99,
    max,
    timed: count,
    calmP99: calm.p99,
    serverCpuMs: server.meter.cpuMs() - cpu.server,
    clientCpuMs: (user + system) / 1_000,
    rssMib: first / MIB,
    rssPeakMib: peak / MIB,
    failures: sum(crowd, ({ failures }) => failures) - failuresBefore,
  };
}

/** Why connections failed, where some did. */
export function noteOf(crowd: readonly Returner[]): { note?: string } {
  const reasons = new Set(crowd.flatMap(({ lastFailure }) => lastFailure ?? []));
  return reasons.size === 0 ? {} : { note: [...reasons].join('; ') };
}

function sum(crowd: readonly Returner[], of: (one: Returner) => number): number {
  return crowd.reduce((total, one) => total + of(one), 0);
}
