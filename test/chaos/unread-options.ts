import type { Service } from '../support/service.js';

export interface UnreadOptions {
  readonly steps: number;
  readonly seed: number;
  /** Started; it is killed and started again. */
  readonly service: Service;
  /** Steps between two kills. */
  readonly killEvery: number;
  readonly progress?: (steps: number) => void;
}

/** What was done. */
export type UnreadReport = Readonly<Record<string, number>>;
