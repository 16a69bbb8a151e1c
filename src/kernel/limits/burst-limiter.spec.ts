import { describe, expect, it } from '@jest/globals';
import { BurstLimiter } from './burst-limiter.js';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('The turnstile', () => {
  it('lets in one after the other, in order', async () => {
    const turnstile = new BurstLimiter();
    const came: number[] = [];
    for (let i = 0; i < 100; i++) turnstile.enter(() => came.push(i));
    while (came.length < 100) await nextTurn();
    expect(came).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('lets other work have its turn while a crowd comes', async () => {
    const turnstile = new BurstLimiter();
    let came = 0;
    for (let i = 0; i < 1_000; i++) turnstile.enter(() => (came += 1));
    let most = 0;
    while (came < 1_000) {
      const before = came;
      await nextTurn();
      most = Math.max(most, came - before);
    }
    expect(most).toBeLessThanOrEqual(16);
  });

  it('lets in whoever comes while others go through', async () => {
    const turnstile = new BurstLimiter();
    const came: string[] = [];
    turnstile.enter(() => {
      came.push('first');
      turnstile.enter(() => came.push('second'));
    });
    while (came.length < 2) await nextTurn();
    turnstile.enter(() => came.push('third'));
    while (came.length < 3) await nextTurn();
    expect(came).toEqual(['first', 'second', 'third']);
  });
});
