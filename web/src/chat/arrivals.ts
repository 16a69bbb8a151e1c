import type { Conversation } from '@parley/client';
import type { LogFrame } from '../conversation/log-items.js';

export interface Arrival {
  readonly conversation: Conversation;
  readonly frame: LogFrame;
}

/** Stands for a change of the outbox. */
export const OUTBOX = Symbol('OUTBOX');
/** Stands for the end of what was missed. */
export const CURRENT = Symbol('CURRENT');

/** Something that changes what is shown. */
export type Change = Arrival | typeof OUTBOX | typeof CURRENT;

/** The entries of logs among the changes, by conversation, in their order. */
export function arrivedIn(
  changes: readonly Change[],
): ReadonlyMap<Conversation, readonly LogFrame[]> {
  const arrived = new Map<Conversation, LogFrame[]>();
  for (const change of changes) {
    if (typeof change === 'symbol') continue;
    const frames = arrived.get(change.conversation) ?? [];
    frames.push(change.frame);
    arrived.set(change.conversation, frames);
  }
  return arrived;
}
