import { beforeEach, describe, expect, it } from '@jest/globals';
import { Semaphore } from './semaphore.js';

describe('A semaphore of two places', () => {
  let semaphore: Semaphore;
  let begun: number[];
  let ends: (() => void)[];

  beforeEach(() => {
    semaphore = new Semaphore(2);
    [begun, ends] = [[], []];
  });

  function run(name: number): Promise<number> {
    return semaphore.run(async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (name === 13) throw new Error('on purpose');
      return name;
    });
  }

  it('lets two run, and the others in the order they came', async () => {
    const all = [1, 2, 3, 4].map(run);
    expect(begun).toEqual([1, 2]);
    ends[1]?.();
    expect(await all[1]).toBe(2);
    expect(begun).toEqual([1, 2, 3]);
    ends[0]?.();
    expect(await all[0]).toBe(1);
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  it('gives the place of what fails to the next one', async () => {
    const [, failing] = [run(1), run(13), run(3)];
    ends[1]?.();
    await expect(failing).rejects.toThrow('on purpose');
    expect(begun).toEqual([1, 13, 3]);
  });

  it('has all its places again when everything has ended', async () => {
    const first = [run(1), run(2), run(3)];
    for (let n = 0; n < first.length; n++) {
      ends[n]?.();
      await first[n];
    }
    void run(4);
    void run(5);
    void run(6);
    expect(begun).toEqual([1, 2, 3, 4, 5]);
  });
});
