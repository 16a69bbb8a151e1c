import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

describe('instanceof Error in a spec', () => {
  it('holds for errors of Node itself, as it does in the service', () => {
    try {
      readFileSync('/nowhere/at/all');
    } catch (error) {
      expect(error instanceof Error).toBe(true);
      expect(error instanceof TypeError).toBe(false);
    }
    expect.assertions(2);
  });

  it('tells apart what it always told apart', () => {
    expect(new TypeError() instanceof Error).toBe(true);
    expect(new Error() instanceof TypeError).toBe(false);
    expect(({ message: 'no error' } as unknown) instanceof Error).toBe(false);
  });
});
