import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from './run.mjs';

const BUILT = join(ROOT, 'dist');
/** As deep as the folders of dist/ are, since the service finds its documents from there. */
const BUNDLED = join(BUILT, 'bundled');
const PROGRAM = join(BUNDLED, 'main.cjs');

/** Loaded by path, native or looked for at run time: a second copy in the bundle would be another. */
const APART = /^(ws|@node-rs\/argon2|sharp)(\/|$)/;

/** How long the bundle may take for its first start. */
const PATIENCE_MS = 60_000;

/**
 * Bundles the built service with its packages, and compiles it: to find, link and compile some 1,500
 * modules is three quarters of what a start costs, and the tests start it 250 times.
 *
 * @returns {Promise<string>} its program
 * @throws {Error} with its own words where it does not start
 */
export async function bundleService() {
  // Programs of threads and of processes, found beside the code that starts them.
  const programs = [
    ...['writer-thread', 'reader-thread', 'indexer-thread'].map((name) => `engines/sqlite/${name}`),
    'attachments/pictures/picture-process',
  ];
  const bundle = await rolldown({
    input: {
      service: join(BUILT, 'main.js'),
      ...Object.fromEntries(programs.map((path) => [basename(path), join(BUILT, `${path}.js`)])),
    },
    platform: 'node',
    external: APART,
    // All that runs in the service runs here, in the same order.
    treeshake: false,
    // Packages that Nest would use, were they installed.
    checks: { unresolvedImport: false },
    logLevel: 'silent',
  });
  await bundle.write({
    dir: BUNDLED,
    // V8 keeps the compiled form of a script only, not of a module.
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    keepNames: true,
    cleanDir: true,
  });
  await bundle.close();
  copyFileSync(join(ROOT, 'scripts', 'bundled-main.cjs'), PROGRAM);
  await startOnce();
  return PROGRAM;
}

/** Starts and stops the bundle: at its end it keeps what was compiled (bundled-main.cjs). */
async function startOnce() {
  const folder = mkdtempSync(join(tmpdir(), 'parley-first-'));
  const child = spawn(process.execPath, [PROGRAM], {
    cwd: folder,
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', DATA_DIR: folder, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  // It says one thing there: that it is ready.
  child.stdout.once('data', () => child.kill('SIGTERM'));
  const [code] = await once(child, 'close');
  rmSync(folder, { recursive: true, force: true });
  if (code !== 0) throw new Error(`The bundled service does not start:\n${said}`);
}
