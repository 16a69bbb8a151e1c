import { expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/engines/sqlite/drivers/choose-driver.js';
import { bounded } from '../support/bounded.js';
import { atEnd } from '../support/leftovers.js';
import { enter, join as rejoin } from '../support/people.js';
import { describeWith } from '../support/requirements.js';
import { type Service, startService, temporaryFolder } from '../support/service.js';
import { Ledger, untilReadiness } from './ledger.js';

const FAULT = 'inject=fsync,fdatasync:error=EIO';

/** From here on every sync of the service fails. @returns ends that */
async function breakDisk(service: Service): Promise<() => Promise<void>> {
  const strace = spawn(
    'strace',
    ['-f', '-e', 'trace=fsync,fdatasync', '-e', FAULT, '-p', String(service.pid)],
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

/** strace lets go of the service before it ends. */
async function ended(strace: ChildProcess): Promise<void> {
  if (strace.exitCode !== null || strace.signalCode !== null) return;
  const end = once(strace, 'exit');
  strace.kill('SIGINT');
  await bounded(end, 'strace to end', () => 'it runs on');
}

/** The messages in the database file, without the log beside it. */
function inDatabaseAlone(service: Service): readonly unknown[] {
  const copy = join(temporaryFolder('copy'), 'parley.db');
  copyFileSync(join(service.dataDir, 'parley.db'), copy);
  const database = openDatabase(copy);
  const rows = database.prepare<[], { text: string }>('select text from events order by seq').all();
  database.close();
  return rows.map(({ text }) => text);
}

describeWith(['linux', 'root', 'strace'], 'a disk whose syncs fail [F5]', () => {
  it('gets no acknowledgement, and a new log before the next one', async () => {
    const service = await startService();
    const ann = await enter(service, 'ann');
    const ledger = new Ledger(ann, 'ann');
    for (const answer of await ledger.say(30)) expect(answer.type).toBe(6);
    expect(() => inDatabaseAlone(service)).toThrow('no such table');

    const mend = await breakDisk(service);
    for (let round = 0; round < 3; round++) {
      for (const answer of await ledger.say(5)) {
        expect(answer).toMatchObject({ type: 7, code: 'store-unavailable', retryable: true });
      }
    }
    await untilReadiness(service, 503);
    await ledger.expectKept(service);

    await mend();
    await untilReadiness(service, 200);
    // The kernel tells of a failed sync once: what the log holds is not trusted any more.
    expect(inDatabaseAlone(service)).toEqual(
      [...ledger.acked.keys()].map((ref) => ledger.said.get(ref)),
    );
    for (const answer of await ledger.repeat()) expect(answer.type).toBe(6);
    await service.kill();
    await service.restart();
    ledger.move({ ...ann, socket: await rejoin(service, ann.tokens) });
    await ledger.expectKept(service);
  });

  it('has what was acknowledged after a kill, and what was refused at most once', async () => {
    const service = await startService();
    const ann = await enter(service, 'ann');
    const ledger = new Ledger(ann, 'ann');
    await ledger.say(20);
    const mend = await breakDisk(service);
    for (const answer of await ledger.say(20)) expect(answer.type).toBe(7);
    await service.kill();
    await mend();
    await service.restart();
    ledger.move({ ...ann, socket: await rejoin(service, ann.tokens) });
    await ledger.expectKept(service);
    for (const answer of await ledger.repeat()) expect(answer.type).toBe(6);
    await ledger.expectKept(service);
  });
});
