import { CloseCode } from '@parley/protocol';
import type { Faults } from './faults.js';
import type { Ledger } from './ledger.js';
import type { Moves } from './moves.js';
import type { Talker } from './talker.js';

/** What all talkers share. */
export interface Surroundings {
  readonly wsUrl: () => string;
  readonly ledger: Ledger;
  readonly moves: Moves;
  readonly faults: Faults;
  /**
   * There are several nodes, and what they share may be away: they may refuse for now, close with an
   * invitation, and acknowledge ahead of what was said on another one.
   */
  readonly isCluster: boolean;
  /** A talker's Sync has ended, and it has everything. */
  readonly caughtUp: (talker: Talker) => void;
}

/** Whether a client comes back after a close with that code. */
export function isInvitation(code: number): boolean {
  return code === CloseCode.Restarting || code === CloseCode.TryLater;
}
