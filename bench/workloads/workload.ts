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
  /** Its position on a plot's horizontal axis. */
  readonly x: number;
}

/** A figure of a workload that the table shows. */
export interface Column {
  readonly key: string;
  readonly title: string;
  /** Whether the table shows ratios for it. */
  readonly isCompared?: boolean;
}

/** For servers with backends: the backends' own cost. */
export const BACKEND_COLUMNS: readonly Column[] = [
  { key: 'postgresCpuPerMessage', title: 'PostgreSQL CPU µs per message' },
  { key: 'redisCpuPerMessage', title: 'Redis CPU µs per message' },
];

export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column[];
  /** Its time limit with one peer, in milliseconds. */
  readonly limitMs: number;
  suits(peer: Peer): boolean;
  run(peer: Peer, scale: Scale): Promise<readonly Result[]>;
}
