import { buildWhereStale } from '../../scripts/product.mjs';
import '../support/typescript/loader.mjs';

// Builds the service where needed, and runs the program from its TypeScript sources.
try {
  await buildWhereStale();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
await import('./main.ts');
