import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bounded } from '../../support/bounded.js';
import { atEnd } from '../../support/leftovers.js';
import { enter, join as rejoin } from '../../support/people.js';
import { startService } from '../../support/service.js';
import { Ledger, readLog, untilReadiness } from './ledger.js';

/** Locks the database for writing until its standard input ends. */
const LOCKER = `
  const database = new (require(process.argv[1]))(process.argv[2]);
  database.exec('begin exclusive');
  console.log('locked');
  process.stdin.on('end', () => process.exit()).resume();
`;
const QUEUE = 20;

/** Another program that holds the database. @returns ends it */
async function lock(dataDir: string): Promise<() => Promise<void>> {
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

describe('a database that another program has locked [F6]', () => {
  it('has messages wait up to a bound and refused, reads going on, and heals by itself', async () => {
    const service = await startService({ env: { MAX_JOURNAL_QUEUE: String(QUEUE) } });
    const ann = await enter(service, 'ann');
    const bob = await enter(service, 'bob');
    const ledger = new Ledger(ann, 'ann');
    for (const answer of await ledger.say(10)) expect(answer.type).toBe(6);

    const unlock = await lock(service.dataDir);
    // The first waits for the store; of the others as many as may wait for it.
    const first = ledger.say(1);
    await bob.socket.roundTrip();
    const answers = (await Promise.all([first, ledger.say(100)])).flat();
    for (const { type, retryable } of answers) {
      expect([type, retryable]).toEqual([7, true]);
    }
    const codes = answers.map(({ code }) => code);
    expect(codes.filter((code) => code === 'busy').length).toBeGreaterThanOrEqual(100 - 2 * QUEUE);
    expect(codes.filter((code) => code === 'store-unavailable').length).toBeGreaterThan(0);

    await untilReadiness(service, 503);
    expect(await readLog(service, bob.tokens)).toHaveLength(10);
    await bob.socket.roundTrip();

    await unlock();
    await untilReadiness(service, 200);
    for (let tries = 0; ledger.acked.size < ledger.said.size && tries < 20; tries++) {
      await ledger.repeat();
    }
    expect(ledger.acked.size).toBe(ledger.said.size);
    await bob.socket.next({ seq: ledger.said.size });

    await service.kill();
    await service.restart();
    ledger.move({ ...ann, socket: await rejoin(service, ann.tokens) });
    await ledger.expectKept(service);
  });
});
