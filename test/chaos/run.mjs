import { buildWhereStale } from '../../scripts/product.mjs';
import '../support/typescript/loader.mjs';

// Builds the service where needed, and runs a program from its TypeScript sources: chaos unless the first
// argument names another one.
try {
  await buildWhereStale();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const [, , name = ''] = process.argv;
if (['removals', 'unread', 'away'].includes(name)) process.argv.splice(2, 1);
if (name === 'removals') await import('./removals.main.ts');
else if (name === 'unread') await import('./unread.main.ts');
else if (name === 'away') await import('./away.main.ts');
else await import('./main.ts');
