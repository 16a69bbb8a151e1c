/** Compiles the sources that changed, and those that are named. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { isCompiled } from './compiled.mjs';
import { COMPILED, placeOf, ROOT } from './place.cjs';

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

const PACKAGES = ['protocol', 'client'];

/** Folders compiled as a whole: one of their files is hardly ever needed alone. */
const NEIGHBOURS = ['src', 'test', ...PACKAGES.map((name) => `packages/${name}/src`)].map((name) =>
  join(ROOT, name),
);

/** What the service finds from where its own files are. */
const BESIDE = ['dist', 'docs'];

const require = createRequire(import.meta.url);

/** Empties the folder where another compiler, or other settings, filled it. */
async function renew() {
  const hash = createHash('sha256').update(
    await readFile(require.resolve('@swc/core/package.json')),
  );
  const version = hash.update(JSON.stringify([OPTIONS, PACKAGES, BESIDE])).digest('hex');
  const manifest = join(COMPILED, 'package.json');
  const wanted = JSON.stringify({ type: 'module', version });
  if (existsSync(manifest) && (await readFile(manifest, 'utf8')) === wanted) return;
  await rm(COMPILED, { recursive: true, force: true, maxRetries: 5 });
  await furnish();
  await replace(manifest, wanted);
}

/** Gives what is compiled the surroundings of its sources: packages under their names, and files. */
async function furnish() {
  const named = join(COMPILED, 'node_modules', '@parley');
  await mkdir(named, { recursive: true });
  for (const name of BESIDE) await link(join(ROOT, name), join(COMPILED, name));
  for (const name of PACKAGES) {
    const compiled = join(COMPILED, 'packages', name);
    const manifest = { type: 'module', exports: './src/index.js' };
    await replace(join(compiled, 'package.json'), JSON.stringify(manifest));
    await link(compiled, join(named, name));
  }
}

/**
 * @param {string} target
 * @param {string} path
 */
async function link(target, path) {
  try {
    await symlink(target, path);
  } catch (error) {
    // By a process beside this one.
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (!isThere) throw error;
  }
}

/**
 * Writes under a temporary name, so that processes beside this one find a whole file, or none.
 *
 * @param {string} file
 * @param {string} text
 * @param {Date} [time]
 */
async function replace(file, text, time = new Date()) {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await utimes(draft, time, time);
  await rename(draft, file);
}

/** @param {string} file */
async function compile(file) {
  // Loaded only where something has changed.
  const { transform } = await import('@swc/core');
  const { mtime } = await stat(file);
  const { code } = await transform(await readFile(file, 'utf8'), { ...OPTIONS, filename: file });
  await replace(placeOf(file), code, mtime);
}

/** @param {string} folder */
async function sourcesIn(folder) {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
}

const asked = process.argv.slice(2);
await renew();
await Promise.all(asked.map(compile));
const sources = (await Promise.all(NEIGHBOURS.map(sourcesIn))).flat();
// Errors in another file are reported to whoever asks for that file.
await Promise.allSettled(sources.filter((file) => !isCompiled(file)).map(compile));
