import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import { placeOf } from './compiled.mjs';

/**
 * As in the compiler's settings: tests run the same code as the service.
 * @type {import('@swc/core').Options}
 */
const OPTIONS = {
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    keepClassNames: true,
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
};

/** Folders compiled as a whole: one of their files is hardly ever needed alone. */
const NEIGHBOURS = ['src', 'test', 'packages/protocol/src'].map((name) =>
  fileURLToPath(new URL(`../../../${name}/`, import.meta.url)),
);

/** @param {string} file */
async function compile(file) {
  const place = await placeOf(file);
  if (existsSync(place)) return;
  const { code } = await transform(await readFile(file, 'utf8'), { ...OPTIONS, filename: file });
  await mkdir(new URL('.', place), { recursive: true });
  // Written under a temporary name, so that concurrent processes find a whole file, or none.
  const draft = new URL(`${place.href}.${process.pid}`);
  await writeFile(draft, code);
  await rename(draft, place);
}

/** @param {string} folder */
async function sourcesIn(folder) {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

const [asked = ''] = process.argv.slice(2);
await compile(asked);
// Errors in another file are reported to whoever asks for that file.
await Promise.allSettled((await Promise.all(NEIGHBOURS.map(sourcesIn))).flat().map(compile));
