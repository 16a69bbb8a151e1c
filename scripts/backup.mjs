import { join, resolve } from 'node:path';
import { buildWhereStale } from './product.mjs';
import { ROOT } from './run.mjs';

// The backup's name is relative to the caller's folder; .env and the data are not.
const target = resolve(
  process.env['INIT_CWD'] ?? process.cwd(),
  process.argv[2] ?? join('backup', 'parley.db'),
);
process.argv[2] = target;
process.chdir(ROOT);
process.umask(0o077);
try {
  await buildWhereStale();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
await import(new URL('../dist/engines/sqlite/backup.js', import.meta.url).href);
