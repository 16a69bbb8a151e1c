import { setTimeout as delay } from 'node:timers/promises';
import type { RedisServer, RedisTraffic } from '../backends/redis-server.js';
import { gatherOn } from '../load/crowd.js';
import { Ledger } from '../load/ledger.js';
import { Fleet } from '../measure/fleet.js';
import { observe } from '../measure/observe.js';
import { untilQuiet } from '../measure/quiet.js';
import type { Peer } from '../peers/peer.js';
import { paceOf } from './room-load.js';
import type { Result, Scale, Workload } from './workload.js';

const NODES = [1, 2, 3] as const;
const MEMBERS = [10, 100, 1_000] as const;
const SETTLE_MS = 3_000;
/** So that each message is a batch of its own: the worst case. */
const LOAD = { kind: 'closed', inFlight: 1 } as const;

export const busTraffic: Workload = {
  name: 'bus-traffic',
  title: 'What a message to the room puts on Redis, each a batch of its own',
  columns: [
    { key: 'publications', title: 'publications per message' },
    { key: 'bytesIn', title: 'bytes to Redis per message' },
    { key: 'bytesOut', title: 'bytes from Redis per message' },
    { key: 'silentBytesOut', title: 'bytes/s from Redis while nobody talks' },
  ],
  limitMs: 300_000,
  suits: ({ isBacked }) => isBacked === true,
  run: async (peer, scale) => {
    const results: Result[] = [];
    for (const nodes of NODES) {
      for (const members of MEMBERS) results.push(await measure(peer, nodes, members, scale));
    }
    return results;
  },
};

async function measure(
  peer: Peer,
  nodes: number,
  count: number,
  { timing }: Scale,
): Promise<Result> {
  const fleet = await Fleet.start(peer, nodes);
  try {
    const crowds = await gatherOn(peer, fleet.nodes, Math.ceil(count / nodes));
    await untilQuiet(fleet);
    // The last lists of who is here.
    await delay(SETTLE_MS);
    const members = crowds.flat();
    const { redis } = fleet.backends;
    const silence = await during(redis, () => delay(timing.windowMs));
    const ledger = new Ledger(members);
    const pace = paceOf(LOAD, peer, ledger, crowds[0] ?? []);
    const talk = await during(redis, () =>
      observe(fleet, ledger, pace, { ...timing, warmUpMs: 0 }),
    );
    for (const member of members) member.leave();
    const perMessage = (key: keyof RedisTraffic): number =>
      (talk.traffic[key] - (silence.traffic[key] * talk.ms) / silence.ms) / ledger.sent;
    const figures = {
      publications: perMessage('publications'),
      bytesIn: perMessage('bytesIn'),
      bytesOut: perMessage('bytesOut'),
      silentBytesOut: (silence.traffic.bytesOut * 1_000) / silence.ms,
    };
    const setting = `${nodes === 1 ? '1 node' : `${nodes} nodes`}, ${count} members`;
    return { ...talk.result, setting, x: count, figures };
  } finally {
    await fleet.stop();
  }
}

/** What Redis carried during some work, beats and leases of the nodes included. */
async function during<Value>(redis: RedisServer, work: () => Promise<Value>) {
  const before = await redis.traffic();
  const begun = performance.now();
  const result = await work();
  const ms = performance.now() - begun;
  const after = await redis.traffic();
  const traffic: RedisTraffic = {
    publications: after.publications - before.publications,
    bytesIn: after.bytesIn - before.bytesIn,
    bytesOut: after.bytesOut - before.bytesOut,
  };
  return { result, ms, traffic };
}
