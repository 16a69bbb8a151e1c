import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bounded } from '../../support/bounded.js';
import { atEnd } from '../../support/leftovers.js';

/** Locks the database for writing until its standard input ends. */
const LOCKER = `
  const database = new (require(process.argv[1]))(process.argv[2]);
  database.exec('begin exclusive');
  console.log('locked');
  process.stdin.on('end', () => process.exit()).resume();
`;

/** Another program that holds the database. @returns ends it */
export async function lockDatabase(dataDir: string): Promise<() => Promise<void>> {
  const driver = createRequire(import.meta.url).resolve('better-sqlite3');
  const args = ['-e', LOCKER, driver, join(dataDir, 'parley.db')];
  const locker = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  atEnd(() => locker.kill('SIGKILL'));
  await bounded(once(locker.stdout, 'data'), 'the lock', () => 'nothing');
  return async () => {
    const end = once(locker, 'exit');
    locker.stdin.end();
    await bounded(end, 'the locker to end', () => 'it runs on');
  };
}
