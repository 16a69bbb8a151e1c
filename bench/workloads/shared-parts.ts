import { Backends } from '../backends/backends.js';
import { runProbe } from '../measure/probe-run.js';
import type { Result, Workload } from './workload.js';

interface Probe {
  readonly setting: string;
  readonly file: string;
  readonly arg: number;
}

const PROBES: readonly Probe[] = [
  { setting: 'rows stored, 1 in a batch', file: 'append.mjs', arg: 1 },
  { setting: 'rows stored, 100 in a batch', file: 'append.mjs', arg: 100 },
  { setting: 'rows stored, 1,000 in a batch', file: 'append.mjs', arg: 1_000 },
  { setting: 'batches heard, 1 message in each', file: 'hear.mjs', arg: 1 },
  { setting: 'batches heard, 10 messages in each', file: 'hear.mjs', arg: 10 },
  { setting: 'arrivals and departures, nobody there', file: 'arrive.mjs', arg: 0 },
  { setting: 'arrivals and departures, 10,000 there', file: 'arrive.mjs', arg: 10_000 },
];

export const sharedParts: Workload = {
  name: 'shared-parts',
  title: 'What all nodes share, as fast as one node can use it: the figures of the capacity model',
  columns: [
    { key: 'perSecond', title: 'per second' },
    { key: 'p50', title: 'p50 ms of a commit, or of coming and going with 64 under way' },
    { key: 'nodeCpu', title: 'CPU µs of the node for each' },
    { key: 'postgresCpu', title: 'CPU µs of PostgreSQL for each' },
    { key: 'redisCpu', title: 'CPU µs of Redis for each' },
  ],
  limitMs: 240_000,
  suits: ({ isBacked }) => isBacked === true,
  run: async (_peer, { timing }) => {
    const results: Result[] = [];
    for (const { setting, file, arg } of PROBES) {
      const backends = await Backends.start();
      try {
        const all = await runProbe(file, [String(arg)], {
          backends,
          windowMs: timing.windowMs,
        });
        results.push({ setting, x: arg, outcome: 'ok', figures: figuresFor(file, all) });
      } finally {
        await backends.stop();
      }
    }
    return results;
  },
};

/** The probe's own figures only. */
function figuresFor(
  file: string,
  { p50, postgresCpu, redisCpu, ...rest }: Record<string, number>,
): Record<string, number> {
  const shown = file === 'append.mjs' ? { p50, postgresCpu } : { redisCpu };
  return { ...rest, ...(file === 'arrive.mjs' ? { p50 } : {}), ...shown } as Record<string, number>;
}
