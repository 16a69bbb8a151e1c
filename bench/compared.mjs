import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const PROJECT = join(HERE, '..');

/**
 * Builds another commit beside this one, unless that was done before.
 *
 * @param {string} ref a branch, tag or commit
 * @returns {string} the folder of that commit's checkout, with its `dist/`
 * @throws {Error} where there is no such commit, or it does not build
 */
export function buildCompared(ref) {
  const commit = run('git', ['rev-parse', '--verify', '--short=12', `${ref}^{commit}`], PROJECT);
  const folder = join(tmpdir(), 'parley-compared', commit.trim());
  if (existsSync(join(folder, 'dist', 'main.js'))) return folder;
  console.error(`Building ${ref} in ${folder} …`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const archive = join(folder, 'source.tar');
  run('git', ['archive', '--output', archive, commit.trim()], PROJECT);
  run('tar', ['-xf', archive], folder);
  rmSync(archive);
  run('npm', ['ci', '--no-audit', '--no-fund'], folder);
  run('npm', ['run', 'build'], folder);
  return folder;
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function run(program, args, cwd) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stderr}`);
  return stdout;
}
