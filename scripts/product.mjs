import { existsSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compressAll } from './compress.mjs';
import { ROOT, runTool } from './run.mjs';

/** In the order of their dependencies. */
const PACKAGES = ['packages/protocol', 'packages/client'];

const OUTPUT = join(ROOT, 'dist');
/** Written after a complete build; its time is when that build started. */
const STAMP = join(OUTPUT, '.built');

const SOURCES = [
  'src',
  'web',
  ...PACKAGES.flatMap((folder) => [`${folder}/src`, `${folder}/package.json`]),
  'packages/tsconfig.build.json',
  'scripts/compress.mjs',
  'scripts/product.mjs',
  'package-lock.json',
  'tsconfig.build.json',
  'tsconfig.json',
];

/**
 * Builds the packages, and the service and its page into dist/.
 * @throws {Error} with the tool's own words where a part does not build
 */
export async function build() {
  const began = new Date();
  rmSync(OUTPUT, { recursive: true, force: true });
  await Promise.all([
    buildPackages().then(() =>
      part('the service', 'typescript/bin/tsc', ['-p', 'tsconfig.build.json']),
    ),
    part('the page', 'vite/bin/vite.js', ['build', 'web', '--logLevel', 'warn']),
  ]);
  compressAll(join(OUTPUT, 'compressed'));
  writeFileSync(STAMP, '');
  utimesSync(STAMP, began, began);
}

/**
 * Builds the packages, each into a dist/ of its own.
 * @throws {Error} with the compiler's own words where one does not build
 */
export async function buildPackages() {
  for (const folder of PACKAGES) {
    rmSync(join(ROOT, folder, 'dist'), { recursive: true, force: true });
    await part(folder, 'typescript/bin/tsc', ['-p', `${folder}/tsconfig.build.json`]);
  }
}

/** Builds if there is no build, or if a source is newer than it. */
export async function buildWhereStale() {
  if (!isStale()) return;
  console.error('Building …');
  await build();
}

function isStale() {
  if (!existsSync(STAMP)) return true;
  if (PACKAGES.some((folder) => !existsSync(join(ROOT, folder, 'dist')))) return true;
  const built = statSync(STAMP).mtimeMs;
  return SOURCES.some((source) => newest(join(ROOT, source)) > built);
}

/**
 * Folders count with their own time too: it tells of files that were removed.
 * @param {string} path
 * @returns {number} the latest change at or below the path (ms since the epoch); 0 where it is not
 */
function newest(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return stats?.mtimeMs ?? 0;
  const inside = readdirSync(path).map((name) => newest(join(path, name)));
  return Math.max(stats.mtimeMs, ...inside);
}

/**
 * @param {string} name
 * @param {string} script
 * @param {readonly string[]} args
 */
async function part(name, script, args) {
  if (!existsSync(join(ROOT, 'node_modules', script))) {
    throw new Error(`Cannot build ${name}: the dependencies are not installed. Run: npm ci`);
  }
  const { code, output } = await runTool(script, args);
  if (code !== 0) throw new Error(`Cannot build ${name}:\n${output}`);
}
