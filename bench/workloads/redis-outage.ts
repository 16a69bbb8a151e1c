import { setTimeout as delay } from 'node:timers/promises';
import { gatherOn } from '../load/crowd.js';
import { LateWatch } from '../load/late-watch.js';
import { Ledger } from '../load/ledger.js';
import { Fleet } from '../measure/fleet.js';
import { drained } from '../measure/observe.js';
import { untilQuiet } from '../measure/quiet.js';
import { paceOf } from './room-load.js';
import type { Workload } from './workload.js';

const MEMBERS = 100;
const LOAD = { kind: 'open', rate: 50 } as const;
const CALM_MS = 5_000;
const OUTAGE_MS = 30_000;
const QUICK_OUTAGE_MS = 5_000;
const AFTERMATH_MS = 10_000;
/** The bus is not this slow; of what the store supplies instead, two in three are. */
const LATE_MS = 90;

export const redisOutage: Workload = {
  name: 'redis-outage',
  title: `Redis is killed for ${OUTAGE_MS / 1_000} s: two nodes, ${MEMBERS} members on each, ${LOAD.rate} messages/s said on the first`,
  columns: [
    { key: 'calmP50', title: 'second node, before: p50 ms' },
    { key: 'calmP99', title: 'p99 ms' },
    { key: 'outP50', title: 'second node, without Redis: p50 ms' },
    { key: 'outP99', title: 'p99 ms' },
    { key: 'outMax', title: 'max ms' },
    { key: 'hereP99', title: 'first node, without Redis: p99 ms' },
    { key: 'healedMs', title: 'ms from the return of Redis until nothing comes late any more' },
    { key: 'afterP50', title: 'second node, from then on: p50 ms' },
    { key: 'afterP99', title: 'p99 ms' },
  ],
  limitMs: 120_000,
  suits: ({ isBacked }) => isBacked === true,
  run: async (peer, { isQuick }) => {
    const fleet = await Fleet.start(peer, 2);
    try {
      const { redis } = fleet.backends;
      const crowds = await gatherOn(peer, fleet.nodes, MEMBERS, MEMBERS);
      await untilQuiet(fleet);
      const members = crowds.flat();
      const ledger = new Ledger(members);
      const [here, there] = [new LateWatch(LATE_MS), new LateWatch(LATE_MS)];
      ledger.recordApart(crowds[0] ?? [], here);
      ledger.recordApart(crowds[1] ?? [], there);
      const pace = paceOf(LOAD, peer, ledger, crowds[0] ?? []);
      pace.start();
      await delay(CALM_MS);
      const before = {
        calmP50: there.latency.percentile(50),
        calmP99: there.latency.percentile(99),
      };
      ledger.clearLatencies();
      await redis.kill();
      await delay(isQuick ? QUICK_OUTAGE_MS : OUTAGE_MS);
      const without = {
        outP50: there.latency.percentile(50),
        outP99: there.latency.percentile(99),
        outMax: there.latency.max,
        hereP99: here.latency.percentile(99),
      };
      await redis.startAgain();
      const returned = performance.now();
      await delay(AFTERMATH_MS);
      const healedMs = there.untilCalm(returned);
      ledger.clearLatencies();
      await delay(CALM_MS);
      const after = {
        afterP50: there.latency.percentile(50),
        afterP99: there.latency.percentile(99),
      };
      pace.stop();
      const fault = (await drained(ledger)) ? ledger.fault() : `${ledger.outstanding} were lost`;
      for (const member of members) member.leave();
      const figures = { ...before, ...without, healedMs, ...after };
      const result = { setting: `${ledger.sent} messages`, x: ledger.sent, figures };
      if (fault !== null) return [{ ...result, outcome: 'lost', note: fault }];
      return [{ ...result, outcome: pace.isBehind ? 'behind' : 'ok' }];
    } finally {
      await fleet.stop();
    }
  },
};
