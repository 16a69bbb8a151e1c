import { fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peer } from './peers/peer.js';
import type { Result, Workload } from './workloads/workload.js';

const ATTEMPT = join(import.meta.dirname, 'attempt.js');
const NOTE_LENGTH = 400;

/** One server's results for one workload. */
export interface Entry {
  readonly workload: string;
  readonly peer: string;
  readonly results: readonly Result[];
  /** Why there are no results. */
  readonly failure?: string;
}

/**
 * Runs a workload against a server; ends both when they take too long, and removes what they left.
 * Never rejects.
 */
export async function attempt(workload: Workload, peer: Peer, isQuick: boolean): Promise<Entry> {
  const entry = { workload: workload.name, peer: peer.name, results: [] };
  const args = ['--only', workload.name, '--peers', peer.name, ...(isQuick ? ['--quick'] : [])];
  const folder = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  // PostgreSQL, which does not run as root, needs access to its folder inside.
  chmodSync(folder, 0o711);
  const child = fork(ATTEMPT, args, {
    detached: true,
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  const endAll = (): void => {
    endGroup(child.pid);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', endAll);
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words += text));
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ ...entry, failure: `took longer than ${workload.limitMs / 1000} s` });
      endAll();
    }, workload.limitMs);
    child.once('message', (results) => {
      resolve({ ...entry, results: results as Result[] });
    });
    child.once('exit', () => {
      clearTimeout(timer);
      process.off('exit', endAll);
      endAll();
      resolve({ ...entry, failure: words.trim().slice(0, NOTE_LENGTH) });
    });
  });
}

/** The load client leads the process group of its server. */
function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // The group has ended.
  }
}
