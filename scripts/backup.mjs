import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { buildWhereStale } from './product.mjs';
import { ROOT } from './run.mjs';

/** @param {string} path of a module in dist/ */
const built = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);

const [, , name = join('backup', 'parley.db')] = process.argv;
// Named from where it is called; .env and the data do not depend on that.
const target = resolve(process.env['INIT_CWD'] ?? process.cwd(), name);
process.chdir(ROOT);
process.umask(0o077);
try {
  await buildWhereStale();
  const [{ readEnvFile }, { loadSettings }, { openDatabase }] = await Promise.all(
    ['config/env-file.js', 'config/load.js', 'engines/embedded/drivers/choose-driver.js'].map(
      built,
    ),
  );
  readEnvFile();
  const source = join(loadSettings(process.env).dataDir, 'parley.db');
  mkdirSync(dirname(target), { recursive: true });
  const database = openDatabase(source, { readonly: true });
  database.prepare('vacuum into ?').run(target);
  database.close();
  console.log(`${source} as it is now is in ${target}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
