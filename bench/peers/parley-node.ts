import { existsSync } from 'node:fs';
import { parley } from './parley.js';
import type { Peer } from './peer.js';

/** The same service on another Node: `BENCH_NODE_24=/path/to/node`. */
function onNode(major: number): Peer {
  const file = process.env[`BENCH_NODE_${String(major)}`] ?? '';
  return {
    ...parley,
    name: `parley-node-${String(major)}`,
    title: `Parley on Node ${String(major)}`,
    missing: () =>
      existsSync(file)
        ? parley.missing()
        : `set BENCH_NODE_${String(major)} to a Node of that kind`,
    command: (port, folder) => ({ ...parley.command(port, folder), file }),
  };
}

export const parleyOnNodes: readonly Peer[] = [20, 22, 24, 26].map(onNode);
