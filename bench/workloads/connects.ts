import { admit, gather } from '../load/crowd.js';
import { untilQuiet } from '../measure/quiet.js';
import { ServerProcess } from '../measure/server-process.js';
import type { Pass, Peer } from '../peers/peer.js';
import type { Workload } from './workload.js';

/**
 * Connections before the measurement, so that the server's code is warm, as after a minute's work.
 */
const WARM_UP = 4_000;
const RESIDENTS = 500;
const CONNECTS = 2_000;
/** One crowd takes half a second, which other work on the machine may disturb. */
const CROWDS = 5;

export const connects: Workload = {
  name: 'connects',
  title: `${CONNECTS} more people connect to ${RESIDENTS}, 64 at a time; the median of ${CROWDS} crowds`,
  columns: [
    { key: 'cpuPerConnect', title: 'CPU µs per connect', isCompared: true },
    { key: 'connectsPerSecond', title: 'connects/s' },
  ],
  limitMs: 120_000,
  suits: () => true,
  run: async (peer) => {
    const server = await ServerProcess.start(peer);
    try {
      const passes = await admit(peer, server.port, WARM_UP + RESIDENTS + CONNECTS);
      for (const one of await gather(peer, server.port, passes.slice(0, WARM_UP))) one.leave();
      const stay = passes.slice(WARM_UP, WARM_UP + RESIDENTS);
      const early = await gather(peer, server.port, stay);
      await untilQuiet(server);
      const guests = passes.slice(WARM_UP + RESIDENTS);
      const crowds: Crowd[] = [];
      while (crowds.length < CROWDS) crowds.push(await come(peer, server, guests));
      for (const member of early) member.leave();
      const figures = {
        cpuPerConnect: (median(crowds.map(({ cpuMs }) => cpuMs)) * 1000) / CONNECTS,
        connectsPerSecond: (CONNECTS * 1000) / median(crowds.map(({ took }) => took)),
      };
      return [{ setting: 'connect', x: CONNECTS, outcome: 'ok' as const, figures }];
    } finally {
      await server.stop();
    }
  },
};

/**
 * The time until all were connected, and the server's CPU time until it was idle again; both in ms.
 */
interface Crowd {
  readonly took: number;
  readonly cpuMs: number;
}

async function come(peer: Peer, server: ServerProcess, guests: readonly Pass[]): Promise<Crowd> {
  const cpuBefore = server.meter.cpuMs();
  const begun = performance.now();
  const members = await gather(peer, server.port, guests);
  const took = performance.now() - begun;
  await untilQuiet(server);
  const cpuMs = server.meter.cpuMs() - cpuBefore;
  for (const member of members) member.leave();
  await untilQuiet(server);
  return { took, cpuMs };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
