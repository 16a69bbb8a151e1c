import { describe, expect, it } from '@jest/globals';
import { enter, join } from '../../support/people.js';
import { startService } from '../../support/service.js';
import { Ledger } from './ledger.js';

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
});
