import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parley } from './parley.js';
import type { Peer } from './peer.js';

/** Set by bench/run.mjs where `--compare` names another commit: the folder of its build. */
const folderOfBefore = process.env['BENCH_COMPARED'] ?? '';
const MAIN = join(folderOfBefore, 'dist', 'main.js');

/** The same service at another commit. */
export const before: Peer = {
  ...parley,
  name: 'before',
  title: `Parley at ${basename(folderOfBefore)}`,
  missing: () =>
    folderOfBefore !== '' && existsSync(MAIN) ? null : 'name the commit: --compare <git ref>',
  version: () => {
    const text = readFileSync(join(folderOfBefore, 'package.json'), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
  },
  command: (port, folder) => ({ ...parley.command(port, folder), args: [MAIN] }),
};
