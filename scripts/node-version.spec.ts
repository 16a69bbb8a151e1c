import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const CHECK = fileURLToPath(new URL('node-version.cjs', import.meta.url));
const MANIFEST = fileURLToPath(new URL('../package.json', import.meta.url));

function runWith(version: string): { status: number | null; stdout: string; stderr: string } {
  const program = `
    Object.defineProperty(process.versions, 'node', { value: '${version}' });
    require(${JSON.stringify(CHECK)});
    console.log('went on');`;
  return spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
}

describe('the check of the Node version', () => {
  it.each(['0.12.18', '8.17.0', '18.20.8', '20.18.3', '22.13.1'])(
    'gives Node %s one clear line',
    (version) => {
      const { status, stdout, stderr } = runWith(version);

      expect(status).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toBe(`Parley needs Node.js 20.19, 22.14, 24 or newer. This is ${version}.\n`);
    },
  );

  it.each(['20.19.0', '20.20.2', '22.14.0', '24.0.0', '26.12.1', '100.0.0'])(
    'lets Node %s pass',
    (version) => {
      expect(runWith(version)).toMatchObject({ status: 0, stdout: 'went on\n', stderr: '' });
    },
  );

  it('asks for what package.json asks for', () => {
    const { engines } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { engines: object };

    expect(engines).toEqual({ node: '^20.19.0 || ^22.14.0 || >=24.0.0' });
  });

  it('stands before every script that a person calls', () => {
    const { scripts } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as {
      scripts: Record<string, string>;
    };

    for (const name of ['start', 'build', 'test', 'check']) {
      expect(scripts[name]).toMatch(/^node -r \.\/scripts\/node-version\.cjs /);
    }
  });
});
