import { buildWhereStale } from './product.mjs';
import { ROOT } from './run.mjs';

// .env and the data are found independently of the caller's folder.
process.chdir(ROOT);
try {
  await buildWhereStale();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
await import(new URL('../dist/engines/rebuild/main.js', import.meta.url).href);
