import { describe, expect, it } from '@jest/globals';
import { SystemScheduler } from '../scheduler.js';
import { BurstLimiter } from './burst-limiter.js';

const scheduler = new SystemScheduler();

describe('The limiter of bursts', () => {
  it('lets in one after the other, in order', async () => {
    const limiter = new BurstLimiter(scheduler);
    const came: number[] = [];
    for (let i = 0; i < 100; i++) limiter.enter(() => came.push(i));
    while (came.length < 100) await scheduler.endOfTurn();
    expect(came).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('lets other work have its turn while a crowd comes', async () => {
    const limiter = new BurstLimiter(scheduler);
    let came = 0;
    for (let i = 0; i < 1_000; i++) limiter.enter(() => (came += 1));
    let most = 0;
    while (came < 1_000) {
      const before = came;
      await scheduler.endOfTurn();
      most = Math.max(most, came - before);
    }
    expect(most).toBeLessThanOrEqual(16);
  });

  it('lets in whoever comes while others go through', async () => {
    const limiter = new BurstLimiter(scheduler);
    const came: string[] = [];
    limiter.enter(() => {
      came.push('first');
      limiter.enter(() => came.push('second'));
    });
    while (came.length < 2) await scheduler.endOfTurn();
    limiter.enter(() => came.push('third'));
    while (came.length < 3) await scheduler.endOfTurn();
    expect(came).toEqual(['first', 'second', 'third']);
  });
});
