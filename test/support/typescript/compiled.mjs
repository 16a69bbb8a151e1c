import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const COMPILER = fileURLToPath(new URL('compile.mjs', import.meta.url));
const VERSION = new URL('../../../node_modules/@swc/core/package.json', import.meta.url);
const FOLDER = new URL('../../../node_modules/.cache/parley-typescript/', import.meta.url);

/** What else the output depends on, besides the source. */
const compiler = Promise.all([readFile(COMPILER), readFile(VERSION)]);

/**
 * The path of a source's compiled form.
 *
 * @param {string} file
 * @returns {Promise<URL>}
 */
export async function placeOf(file) {
  const hash = createHash('sha256');
  for (const part of [...(await compiler), file, '\0', await readFile(file)]) hash.update(part);
  return new URL(`${hash.digest('hex')}.mjs`, FOLDER);
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
  const place = await placeOf(file);
  if (!existsSync(place)) {
    const { NODE_OPTIONS: _ours, ...env } = process.env;
    await promisify(execFile)(process.execPath, [COMPILER, file], { env });
  }
  return await readFile(place, 'utf8');
}
