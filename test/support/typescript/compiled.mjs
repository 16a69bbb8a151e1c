import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { placeOf } from './place.cjs';

const COMPILER = fileURLToPath(new URL('compile.mjs', import.meta.url));

/**
 * @param {string} file
 * @returns {boolean} whether the compiled form is that of the source as it is
 */
export function isCompiled(file) {
  const made = statSync(placeOf(file), { throwIfNoEntry: false });
  // It has the time of its source, to the millisecond.
  return made !== undefined && Math.abs(made.mtimeMs - statSync(file).mtimeMs) < 1;
}

/**
 * Compiles a source to JavaScript. The compiler runs in a process of its own, once for all changed
 * sources: it is native code, which takes long to load, and crashes when one thread that loaded it
 * ends and another loads it again.
 *
 * @param {string} file
 * @returns {Promise<string>}
 */
export async function compiled(file) {
  if (!isCompiled(file)) await compileWhereStale(file);
  return await readFile(placeOf(file), 'utf8');
}

/** @param {readonly string[]} files more than the sources that are compiled as a whole */
export async function compileWhereStale(...files) {
  const { NODE_OPTIONS: _ours, ...env } = process.env;
  await promisify(execFile)(process.execPath, [COMPILER, ...files], { env });
}
