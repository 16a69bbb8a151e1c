import { ROOT } from './run.mjs';
import { buildWhereStale } from './product.mjs';

// .env and the data are found independently of the caller's folder.
process.chdir(ROOT);
try {
  await buildWhereStale();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
// In this very process, so that signals reach the service.
await import(new URL('../dist/main.js', import.meta.url).href);
