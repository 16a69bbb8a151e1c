import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

describe('A program of `npm run chaos`', () => {
  it.each(['chaos', 'removals', 'unread', 'away'])(
    '(%s) starts, and says how it is used',
    async (name) => {
      const which = name === 'chaos' ? [] : [name];
      const { stdout } = await run(process.execPath, ['test/chaos/run.mjs', ...which, '--help']);
      expect(stdout).toContain('npm run chaos -- [options]');
    },
    60_000,
  );
});
