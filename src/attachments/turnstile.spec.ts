import { describe, expect, it } from '@jest/globals';
import { Turnstile } from './turnstile.js';

/** Work that ends when it is told to. */
function work() {
  let end: () => void = () => undefined;
  let isBegun = false;
  const run = (): Promise<void> => {
    isBegun = true;
    return new Promise((resolve) => (end = resolve));
  };
  return {
    run,
    end: () => {
      end();
    },
    isBegun: () => isBegun,
  };
}

describe('Turnstile', () => {
  it('lets a few through at a time, the others in order', async () => {
    const turnstile = new Turnstile(1, 10);
    const [one, two, three] = [work(), work(), work()];
    const all = [one, two, three].map(({ run }) => turnstile.run(run));
    expect([one, two, three].map(({ isBegun }) => isBegun())).toEqual([true, false, false]);
    one.end();
    await all[0];
    expect([two.isBegun(), three.isBegun()]).toEqual([true, false]);
    two.end();
    await all[1];
    three.end();
    await all[2];
  });

  it('goes on where work fails', async () => {
    const turnstile = new Turnstile(1, 10);
    await expect(turnstile.run(() => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    );
    await expect(turnstile.run(() => Promise.resolve('done'))).resolves.toBe('done');
  });

  it('refuses what would have to wait behind too many', async () => {
    const turnstile = new Turnstile(1, 1);
    const [one, two] = [work(), work()];
    const running = [one, two].map(({ run }) => turnstile.run(run));
    await expect(turnstile.run(() => Promise.resolve())).rejects.toThrow('busy');
    one.end();
    await running[0];
    two.end();
    await running[1];
  });
});
