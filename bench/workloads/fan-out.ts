import { admit, gather } from '../load/crowd.js';
import { Ledger } from '../load/ledger.js';
import { observe } from '../measure/observe.js';
import { ServerProcess } from '../measure/server-process.js';
import { untilQuiet } from '../measure/quiet.js';
import type { Peer } from '../peers/peer.js';
import { axisOf, paceOf, type RoomLoad, titleOf } from './room-load.js';
import {
  BACKEND_COLUMNS,
  type Column,
  type Result,
  type Scale,
  type Workload,
} from './workload.js';

const MEMBERS = 1_000;
const SAMPLED = 50;

export const FAN_OUT_COLUMNS: readonly Column[] = [
  { key: 'cpuPerDelivery', title: 'CPU µs per delivery', isCompared: true },
  { key: 'p99', title: 'p99 ms' },
  { key: 'deliveriesPerSecond', title: 'deliveries/s' },
  { key: 'clientCpuPerDelivery', title: 'client CPU µs per delivery' },
  ...BACKEND_COLUMNS,
];

const LOADS: readonly RoomLoad[] = [
  { kind: 'closed', inFlight: 1 },
  { kind: 'closed', inFlight: 4 },
  { kind: 'closed', inFlight: 16 },
  { kind: 'open', rate: 50 },
  { kind: 'open', rate: 200 },
  { kind: 'open', rate: 2_000 },
  { kind: 'open', rate: 5_000 },
];

const QUICK_LOADS = LOADS.filter(
  (load) => load.kind === 'closed' || load.rate === 200 || load.rate === 5_000,
);

export const fanOut: Workload = {
  name: 'fan-out',
  title: `One room of ${MEMBERS} members, 20 of them talking`,
  columns: FAN_OUT_COLUMNS,
  limitMs: 180_000,
  suits: () => true,
  run: (peer, scale) => fillRoom(peer, MEMBERS, scale.isQuick ? QUICK_LOADS : LOADS, scale),
};

/** Applies increasing loads to one room, until one is too much for the server. */
export async function fillRoom(
  peer: Peer,
  size: number,
  loads: readonly RoomLoad[],
  { timing }: Scale,
): Promise<readonly Result[]> {
  const server = await ServerProcess.start(peer);
  try {
    const passes = await admit(peer, server.port, size);
    const members = await gather(peer, server.port, passes, SAMPLED);
    await untilQuiet(server);
    const ledger = new Ledger(members);
    const results: Result[] = [];
    for (const load of loads) {
      const pace = paceOf(load, peer, ledger, members);
      const observation = await observe(server, ledger, pace, timing);
      results.push({ setting: titleOf(load), x: axisOf(load), ...observation });
      if (observation.outcome !== 'ok') break;
    }
    for (const member of members) member.leave();
    return results;
  } finally {
    await server.stop();
  }
}
