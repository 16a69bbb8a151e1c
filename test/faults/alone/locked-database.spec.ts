import { describe, expect, it } from '@jest/globals';
import { enter, join } from '../../support/people.js';
import { startService } from '../../support/service.js';
import { Ledger, readLog, untilReadiness } from '../ledger.js';
import { lockDatabase } from '../lock.js';

const QUEUE = 20;

describe('a database that another program has locked [F6]', () => {
  it('has messages wait up to a bound and refused, reads going on, and heals by itself', async () => {
    const service = await startService({ env: { MAX_JOURNAL_QUEUE: String(QUEUE) } });
    const ann = await enter(service, 'ann');
    const bob = await enter(service, 'bob');
    const ledger = new Ledger(ann, 'ann');
    for (const answer of await ledger.say(10)) expect(answer.type).toBe(6);

    const unlock = await lockDatabase(service.dataDir);
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
    ledger.move({ ...ann, socket: await join(service, ann.tokens) });
    await ledger.expectKept(service);
  });
});
