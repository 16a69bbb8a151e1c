import { readFileSync } from 'node:fs';

/**
 * Gives every Node the young generation of Node 20's default: Node 24's is twice as large, and a
 * bound on growth would measure that.
 */
export const SAME_HEAP: Readonly<Record<string, string>> = {
  NODE_OPTIONS: '--max-semi-space-size=16',
};

/** Resident memory of a process, in bytes. Linux only. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} tells no resident memory`);
  return Number(kilobytes) * 1024;
}
