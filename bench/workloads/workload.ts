import type { Observation, Timing } from '../measure/observe.js';
import type { Peer } from '../peers/peer.js';

/** How much of a workload is run. */
export interface Scale {
  readonly isQuick: boolean;
  readonly timing: Timing;
}

/** One measured setting of a workload. */
export interface Result extends Observation {
  /** Such as `4 in flight`. */
  readonly setting: string;
  /** What a plot puts on its horizontal axis. */
  readonly x: number;
}

/** A figure of a workload that the table shows. */
export interface Column {
  readonly key: string;
  readonly title: string;
  /** Whether the table gives ratios for it. */
  readonly isCompared?: boolean;
}

/** For servers that lean on others: what these need beside. */
export const BACKEND_COLUMNS: readonly Column[] = [
  { key: 'postgresCpuPerMessage', title: 'PostgreSQL CPU µs per message' },
  { key: 'redisCpuPerMessage', title: 'Redis CPU µs per message' },
];

export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column[];
  /** What it may take with one peer, in milliseconds. */
  readonly limitMs: number;
  suits(peer: Peer): boolean;
  run(peer: Peer, scale: Scale): Promise<readonly Result[]>;
}
