import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';

const NICENESS = 10;

/**
 * Lets this thread have what the others leave: on a busy machine the chat goes first. Linux gives each thread
 * a priority of its own; elsewhere nothing changes.
 */
export function giveWay(): void {
  const thread = threadId();
  if (thread !== null) setPriority(thread, NICENESS);
}

/** @returns null where the system does not say */
function threadId(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const [, id] = /^\d+\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self')) ?? [];
    return id === undefined ? null : Number(id);
  } catch {
    // A container may hide /proc; the thread is as good without.
    return null;
  }
}
