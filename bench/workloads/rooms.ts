import { runProbe } from '../measure/probe-run.js';
import type { Result, Workload } from './workload.js';

interface Setting {
  readonly title: string;
  readonly what: 'talk' | 'come';
  readonly rooms: number;
}

const SETTINGS: readonly Setting[] = [
  { title: 'messages, 1 room of 50', what: 'talk', rooms: 1 },
  { title: 'messages, 100 rooms of 50', what: 'talk', rooms: 100 },
  { title: 'coming and going, in 1 room', what: 'come', rooms: 1 },
  { title: 'coming and going, in 50 rooms', what: 'come', rooms: 50 },
];

/** The hub by itself: what sockets and the store cost beside it is in the other workloads. */
export const rooms: Workload = {
  name: 'rooms',
  title: 'The hub alone, without sockets and store: what many rooms cost beside one',
  columns: [{ key: 'cpu', title: 'CPU µs of the hub for each delivery, or coming and going' }],
  limitMs: 120_000,
  suits: ({ name }) => name === 'parley',
  run: async (_peer, { timing }) => {
    const results: Result[] = [];
    for (const { title, what, rooms: count } of SETTINGS) {
      const { nodeCpu = Number.NaN } = await runProbe('rooms.mjs', [what, String(count)], {
        windowMs: timing.windowMs,
      });
      results.push({ setting: title, x: count, outcome: 'ok', figures: { cpu: nodeCpu } });
    }
    return results;
  },
};
