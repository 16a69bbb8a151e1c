import { describe, expect, it } from '@jest/globals';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { enter, join as rejoin } from '../support/people.js';
import { startService } from '../support/service.js';
import { Ledger, readLog, untilReadiness } from './ledger.js';

const FILES = ['parley.db', 'parley.db-wal', 'parley.db-shm'];

describe('a database that is moved away under the running service', () => {
  it('gets no acknowledgement, is told of, and has everything when it is back', async () => {
    const service = await startService();
    const ann = await enter(service, 'ann');
    const ledger = new Ledger(ann, 'ann');
    for (const answer of await ledger.say(10)) expect(answer.type).toBe(6);

    const elsewhere = join(service.dataDir, 'elsewhere');
    mkdirSync(elsewhere);
    for (const file of FILES) renameSync(join(service.dataDir, file), join(elsewhere, file));
    for (const answer of await ledger.say(10)) {
      expect(answer).toMatchObject({ type: 7, code: 'store-unavailable', retryable: true });
    }
    await untilReadiness(service, 503);
    await service.logged(/DATABASE_GONE: \S+parley\.db was removed, moved or replaced/);

    for (const file of FILES) renameSync(join(elsewhere, file), join(service.dataDir, file));
    await untilReadiness(service, 200);
    for (const answer of await ledger.repeat()) expect(answer.type).toBe(6);
    await service.kill();
    await service.restart();
    ledger.move({ ...ann, socket: await rejoin(service, ann.tokens) });
    await ledger.expectKept(service);
    expect(await readLog(service, ann.tokens)).toHaveLength(20);
  });
});
