import { describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atEnd, clearUp, removeAtEnd } from './leftovers.js';

describe('the clean-ups of a test file', () => {
  it('remove a folder after what writes there has been ended, in whatever order they came', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-leftovers-'));
    const last = join(folder, 'last');
    removeAtEnd(folder);
    let written = false;
    atEnd(() => {
      if (existsSync(folder)) writeFileSync(last, 'closed');
      written ||= existsSync(last);
    });
    await clearUp();
    expect([written, existsSync(folder)]).toEqual([true, false]);
  });

  it('all run where one fails, whose error is told then', async () => {
    let fails = true;
    let ran = false;
    atEnd(() => {
      if (fails) throw new Error('it would not end');
    });
    atEnd(() => (ran = true));
    await expect(clearUp()).rejects.toThrow('it would not end');
    expect(ran).toBe(true);
    fails = false;
  });
});
