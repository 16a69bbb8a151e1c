import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { bounded } from './bounded.js';
import { atEnd } from './leftovers.js';

/**
 * From here on calls of a running process fail as `fault` says.
 * @param calls names of system calls
 * @param ofAllThreads and not of the main thread alone
 * @returns ends that
 */
export async function injectFault(
  pid: number,
  calls: string,
  fault: string,
  { ofAllThreads }: { readonly ofAllThreads: boolean },
): Promise<() => Promise<void>> {
  const threads = ofAllThreads ? ['-f'] : [];
  const strace = spawn(
    'strace',
    [...threads, '-e', `trace=${calls}`, '-e', `inject=${calls}:${fault}`, '-p', String(pid)],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  const attached = new Promise<void>((resolve) => {
    strace.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(' attached')) resolve();
    });
  });
  const detach = async (): Promise<void> => {
    await ended(strace);
  };
  atEnd(detach);
  await bounded(attached, 'strace to attach', () => said);
  return detach;
}

/** strace lets go of the process before it ends. */
async function ended(strace: ChildProcess): Promise<void> {
  if (strace.exitCode !== null || strace.signalCode !== null) return;
  const end = once(strace, 'exit');
  strace.kill('SIGINT');
  await bounded(end, 'strace to end', () => 'it runs on');
}
