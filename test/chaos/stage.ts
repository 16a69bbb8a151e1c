import type { Place } from '../support/people.js';

/** What can be killed at any time and started again, with what it had on disk. */
export interface Victim {
  /** At once, as a crash does. */
  kill(): Promise<void>;
  /** Resolves when it is of use again. */
  start(): Promise<void>;
}

/** The service that a run is about. */
export interface Stage {
  /** Where clients connect. */
  readonly place: Place & { readonly port: number };
  readonly nodes: readonly Victim[];
  /** What the nodes share, where they share anything that can fail. */
  readonly parts: Readonly<Record<string, Victim>>;
  close(): Promise<void>;
}
