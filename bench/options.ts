import { parseArgs } from 'node:util';
import { PEERS } from './peers/all.js';
import { before } from './peers/before.js';
import { parley } from './peers/parley.js';
import { benchPath } from './peers/places.js';
import type { Peer } from './peers/peer.js';
import { WORKLOADS } from './workloads/all.js';
import type { Workload } from './workloads/workload.js';

export interface Options {
  readonly isQuick: boolean;
  readonly workloads: readonly Workload[];
  readonly peers: readonly Peer[];
  /** How often each is measured, in turns; the figure is the median. */
  readonly rounds: number;
  /** The folder for the results. */
  readonly out: string;
}

export const USAGE = `npm run bench -- [options]
  --quick            short windows and the cheaper settings: a few minutes in all
  --only <names>     workloads: ${nameAll(WORKLOADS)}
  --peers <names>    servers: ${nameAll(PEERS)}
  --compare <ref>    Parley beside another commit of itself, built for that; in 3 rounds
  --rounds <n>       measures all of it so often, in turns, and tells the median of each figure
  --out <folder>     for the results; bench/results where none is given
  --help             this text`;

/**
 * @returns null where only help was requested
 * @throws on an unknown option
 */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      peers: { type: 'string', default: '' },
      compare: { type: 'string' },
      rounds: { type: 'string' },
      out: { type: 'string', default: benchPath('results') },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const isComparison = values.compare !== undefined;
  return {
    isQuick: values.quick,
    workloads: choose(WORKLOADS, values.only),
    peers: choose(PEERS, values.peers || (isComparison ? `${parley.name},${before.name}` : '')),
    rounds: Number(values.rounds ?? (isComparison ? 3 : 1)),
    out: values.out,
  };
}

function choose<Item extends { readonly name: string }>(
  items: readonly Item[],
  wanted: string,
): readonly Item[] {
  if (wanted === '') return items;
  return wanted.split(',').map((name) => {
    const item = items.find((one) => one.name === name);
    if (!item) throw new Error(`There is no "${name}". Known: ${nameAll(items)}`);
    return item;
  });
}

function nameAll(items: readonly { readonly name: string }[]): string {
  return items.map(({ name }) => name).join(',');
}
