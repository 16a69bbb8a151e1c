import { admit, gather } from '../load/crowd.js';
import { untilQuiet } from '../measure/quiet.js';
import { ServerProcess } from '../measure/server-process.js';
import type { Workload } from './workload.js';

/** Come and go before: what is measured is a server whose code is warm, as after a minute's work. */
const WARM_UP = 4_000;
const RESIDENTS = 500;
const CONNECTS = 2_000;

export const connects: Workload = {
  name: 'connects',
  title: `${CONNECTS} more people connect to ${RESIDENTS}, 64 at a time`,
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
      const cpuBefore = server.meter.cpuMs();
      const begun = performance.now();
      const late = await gather(peer, server.port, passes.slice(WARM_UP + RESIDENTS));
      const took = performance.now() - begun;
      await untilQuiet(server);
      const cpuMs = server.meter.cpuMs() - cpuBefore;
      for (const member of [...early, ...late]) member.leave();
      const figures = {
        cpuPerConnect: (cpuMs * 1000) / CONNECTS,
        connectsPerSecond: (CONNECTS * 1000) / took,
      };
      return [{ setting: 'connect', x: CONNECTS, outcome: 'ok' as const, figures }];
    } finally {
      await server.stop();
    }
  },
};
