import { expect, it } from '@jest/globals';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/engines/sqlite/drivers/choose-driver.js';
import { enter, join as rejoin } from '../support/people.js';
import { describeWith } from '../support/requirements.js';
import { type Service, startService, temporaryFolder } from '../support/service.js';
import { injectFault } from '../support/strace.js';
import { Ledger, untilReadiness } from './ledger.js';

/** From here on every sync of the service fails. @returns ends that */
function breakDisk({ pid }: Service): Promise<() => Promise<void>> {
  return injectFault(pid, 'fsync,fdatasync', 'error=EIO', { ofAllThreads: true });
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
