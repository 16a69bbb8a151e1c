// Called before npm packs one of them, so that nobody publishes what is old, or nothing.
import { buildPackages } from './product.mjs';

try {
  await buildPackages();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
