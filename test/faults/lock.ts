import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bounded } from '../support/bounded.js';
import { atEnd } from '../support/leftovers.js';

const PROGRAM = fileURLToPath(new URL('lock-holder.ts', import.meta.url));

/** Another program that holds the database. @returns ends it */
export async function lockDatabase(dataDir: string): Promise<() => Promise<void>> {
  const args = [PROGRAM, join(dataDir, 'parley.db')];
  // Named, since what jest adds to the environment is in its own copy of it.
  const locker = spawn(process.execPath, args, {
    env: process.env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  atEnd(() => locker.kill('SIGKILL'));
  await bounded(once(locker.stdout, 'data'), 'the lock', () => 'nothing');
  return async () => {
    const end = once(locker, 'exit');
    locker.stdin.end();
    await bounded(end, 'the locker to end', () => 'it runs on');
  };
}
