import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { atEnd } from './leftovers.js';

/** Where Debian keeps programs that are not on everybody's PATH. */
const DEBIAN = '/usr/lib/postgresql';
const INITDB_OPTIONS = ['-U', 'parley', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];

/** The environment of all of them. */
export const ENVIRONMENT = { PATH: process.env['PATH'], LC_ALL: 'C' };

/** The folder of PostgreSQL's programs; null where there is none. */
export function programs(): string | null {
  const versions = existsSync(DEBIAN)
    ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a))
    : [];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
  ];
  return folders.find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
}

export function program(name: 'initdb' | 'postgres'): string {
  const folder = programs();
  if (folder === null) throw new Error('PostgreSQL is not installed');
  return join(folder, name);
}

/** PostgreSQL refuses to run as root: then another user, who owns its folder. */
export function owner(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const known = /^(?:postgres|nobody):[^:]*:(\d+):(\d+):/m.exec(
    readFileSync('/etc/passwd', 'utf8'),
  );
  return { uid: Number(known?.[1] ?? 65_534), gid: Number(known?.[2] ?? 65_534) };
}

/** A new folder owned by that user. The caller removes it. */
export function ownedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-postgres-'));
  give(folder);
  return folder;
}

/** Makes the user that PostgreSQL runs as the owner of a file. */
export function give(file: string): void {
  const { uid, gid } = owner();
  if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
}

let pristine: string | null = null;

atEnd(() => {
  if (pristine !== null) rmSync(dirname(pristine), { recursive: true, force: true });
  pristine = null;
});

/** A server's initial data folder: made once, and copied from then on. */
export function createCluster(folder: string): void {
  if (pristine === null) {
    const made = join(ownedFolder(), 'data');
    run(program('initdb'), ['-D', made, ...INITDB_OPTIONS]);
    pristine = made;
  }
  run('cp', ['-R', '-p', pristine, folder]);
}

function run(command: string, args: readonly string[]): void {
  const options = { ...owner(), cwd: '/', env: ENVIRONMENT, encoding: 'utf8' } as const;
  const { status, stderr } = spawnSync(command, args, options);
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}
