import { gatherOn } from '../load/crowd.js';
import { Histogram } from '../load/histogram.js';
import { Ledger } from '../load/ledger.js';
import { Fleet } from '../measure/fleet.js';
import { observe } from '../measure/observe.js';
import { untilQuiet } from '../measure/quiet.js';
import type { Peer } from '../peers/peer.js';
import { axisOf, paceOf, type RoomLoad, titleOf } from './room-load.js';
import { BACKEND_COLUMNS, type Result, type Scale, type Workload } from './workload.js';

const MEMBERS = 100;
const SAMPLED = 50;

const LOADS: readonly RoomLoad[] = [
  { kind: 'closed', inFlight: 1 },
  { kind: 'open', rate: 20 },
  { kind: 'open', rate: 200 },
];

export const nodes: Workload = {
  name: 'nodes',
  title: `One node, and two, with ${MEMBERS} members on each; all is said on the first`,
  columns: [
    { key: 'p50Here', title: 'p50 ms on the first node' },
    { key: 'p99Here', title: 'p99 ms on the first node' },
    { key: 'p50There', title: 'p50 ms on the second node' },
    { key: 'p99There', title: 'p99 ms on the second node' },
    { key: 'messagesPerSecond', title: 'messages/s' },
    { key: 'cpuPerMessage', title: 'CPU µs of all nodes per message' },
    ...BACKEND_COLUMNS,
  ],
  limitMs: 180_000,
  suits: ({ isBacked }) => isBacked === true,
  run: async (peer, scale) => [...(await runOn(1, peer, scale)), ...(await runOn(2, peer, scale))],
};

async function runOn(count: number, peer: Peer, { timing }: Scale): Promise<readonly Result[]> {
  const fleet = await Fleet.start(peer, count);
  try {
    const crowds = await gatherOn(peer, fleet.nodes, MEMBERS, SAMPLED);
    await untilQuiet(fleet);
    const members = crowds.flat();
    const ledger = new Ledger(members);
    const [here = new Histogram(), there = new Histogram()] = crowds.map((crowd) => {
      const latency = new Histogram();
      ledger.recordApart(crowd, latency);
      return latency;
    });
    const results: Result[] = [];
    for (const load of LOADS) {
      const pace = paceOf(load, peer, ledger, crowds[0] ?? []);
      const { figures, ...observed } = await observe(fleet, ledger, pace, timing);
      results.push({
        setting: `${titleOf(load)}, ${count === 1 ? '1 node' : `${count} nodes`}`,
        x: axisOf(load),
        ...observed,
        figures: {
          ...figures,
          p50Here: here.percentile(50),
          p99Here: here.percentile(99),
          p50There: there.percentile(50),
          p99There: there.percentile(99),
        },
      });
    }
    for (const member of members) member.leave();
    return results;
  } finally {
    await fleet.stop();
  }
}
