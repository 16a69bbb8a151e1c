import { describe, it } from '@jest/globals';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { hasChromium } from './chromium.js';
import { hasOwnPostgres, hasPostgres } from './postgres.js';
import { hasSwift } from './s3.js';

interface Requirement {
  readonly isHere: () => boolean;
  /** How to get it, as a sentence that follows "needs …:". */
  readonly how: string;
}

const debian = (command: string, name = command): Requirement => ({
  isHere: () => isOnPath(command),
  how: `apt-get install ${name}`,
});

const REQUIREMENTS = {
  chromium: {
    isHere: hasChromium,
    how: 'apt-get install chromium-headless-shell fonts-noto-cjk, or set CHROMIUM to its path',
  },
  strace: debian('strace'),
  faketime: debian('faketime'),
  prlimit: debian('prlimit', 'util-linux'),
  curl: debian('curl'),
  'redis-server': debian('redis-server'),
  nginx: debian('nginx'),
  caddy: debian('caddy'),
  pgbouncer: debian('pgbouncer'),
  openssl: debian('openssl'),
  postgresql: {
    isHere: hasPostgres,
    how: 'apt-get install postgresql, or set TEST_DATABASE_URL to a server that may be used',
  },
  'postgresql of its own': { isHere: hasOwnPostgres, how: 'apt-get install postgresql' },
  swift: { isHere: hasSwift, how: 'apt-get install python3-swift' },
  root: {
    isHere: () => process.getuid?.() === 0,
    how: 'run as root, to mount a small disk and to trace the service',
  },
  linux: { isHere: () => process.platform === 'linux', how: 'run on Linux, for its /proc' },
} as const satisfies Record<string, Requirement>;

export type RequirementName = keyof typeof REQUIREMENTS;

/**
 * A `describe` with requirements that not every machine meets. Where one is missing its tests are
 * skipped, with the reason and the remedy in their names; in CI they fail instead.
 */
export function describeWith(
  needs: RequirementName | readonly RequirementName[],
  name: string,
  tests: () => void,
): void {
  const missing = [needs].flat().filter((need) => !REQUIREMENTS[need].isHere());
  const reason = missing.map((need) => `needs ${need}: ${REQUIREMENTS[need].how}`).join('; ');
  if (missing.length === 0) {
    describe(name, tests);
  } else if (process.env['CI'] === 'true') {
    it(`${name} has all that it needs`, () => {
      throw new Error(reason);
    });
  } else {
    // On a user's machine only: what is missing is named, with the way to get it.
    describe.skip(`${name} [${reason}]`, tests);
  }
}

function isOnPath(command: string): boolean {
  // Programs for root are often missing from others' PATH.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
