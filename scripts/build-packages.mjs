// Runs before npm packs a package, so that nobody publishes a stale build, or none.
import { buildPackages } from './product.mjs';

try {
  await buildPackages();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
