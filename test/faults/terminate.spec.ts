import { describe, expect, it } from '@jest/globals';
import { until } from '../support/bounded.js';
import { enter, join } from '../support/people.js';
import { startService } from '../support/service.js';
import { Ledger } from './ledger.js';
import { lockDatabase } from './lock.js';

describe('SIGTERM under load [F3]', () => {
  it('answers everything, spreads the returns, ends in order, and has kept what it acknowledged', async () => {
    const service = await startService();
    const names = ['ann', 'bob', 'cat', 'dan', 'eve', 'fay', 'gus', 'hal'];
    const people = await Promise.all(names.map((name) => enter(service, name)));
    const ledgers = people.map((member, i) => new Ledger(member, names[i] ?? ''));
    const talking = ledgers.map(async (ledger) => {
      // Until the goodbye; what is under way then has no answer, or had one before.
      while (
        await ledger.say(25).then(
          () => true,
          () => false,
        )
      );
    });
    await people[0]?.socket.take(100, { type: 2, room: 'lobby' });
    expect(await service.stop()).toBe(0);
    await Promise.all(talking);
    const delays: number[] = [];
    for (const { socket } of people) {
      const { code, reason } = await socket.closed();
      expect(code).toBe(1012);
      delays.push(Number(/^restarting retry_after=(\d+)$/.exec(reason)?.[1]));
    }
    expect(new Set(delays).size).toBeGreaterThan(1);

    await service.restart();
    for (const [i, ledger] of ledgers.entries()) {
      const member = people[i];
      if (!member) throw new Error('nobody is here');
      expect(ledger.refusals.filter((code) => code !== 'stopping')).toEqual([]);
      ledger.move({ ...member, socket: await join(service, member.tokens) });
      for (const answer of await ledger.repeat()) expect(answer.type).toBe(6);
      await ledger.expectKept(service);
    }
  });

  it('stores, delivers and acknowledges what waits for the database, and only then ends', async () => {
    const service = await startService();
    const ann = await enter(service, 'ann');
    const bob = await enter(service, 'bob');
    const unlock = await lockDatabase(service.dataDir);
    ann.socket.send({ type: 2, data: 'at the last moment', ref: 'last' });
    await ann.socket.roundTrip();

    const stopped = service.stop();
    const look = async (): Promise<true | null> =>
      Promise.resolve(service.logs().includes('"event":"draining"') ? true : null);
    await until(look, 'the drain', () => service.logs());
    await unlock();

    await bob.socket.next({ type: 2, data: 'at the last moment' });
    await ann.socket.next({ type: 6, ref: 'last' });
    for (const { socket } of [ann, bob]) expect((await socket.closed()).code).toBe(1012);
    expect(await stopped).toBe(0);
  });

  it('ends at once where a further signal comes later', async () => {
    const service = await startService();
    const { socket } = await enter(service, 'ann');
    const unlock = await lockDatabase(service.dataDir);
    // The drain has to wait for it.
    socket.send({ type: 2, data: 'waits', ref: 'r1' });
    await socket.roundTrip();
    const impatient = setInterval(() => {
      service.signal('SIGINT');
    }, 100);
    try {
      // By the next of the signals, where it comes while the process ends.
      expect([130, null]).toContain(await service.end());
      expect(service.logs()).not.toContain('"event":"drained"');
    } finally {
      clearInterval(impatient);
      await unlock();
    }
  });
});
