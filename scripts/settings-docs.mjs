import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWhereStale } from './product.mjs';
import { ROOT } from './run.mjs';
import { envExample, withSettingsTable } from './settings-text.mjs';

/** @typedef {import('./settings-text.mjs').Keys} Keys */

await buildWhereStale();
const { KEYS } = await /** @type {Promise<{ KEYS: Keys }>} */ (
  import(new URL('../dist/config/keys.js', import.meta.url).href)
);

writeFileSync(join(ROOT, '.env.example'), envExample(KEYS));
const readme = join(ROOT, 'README.md');
writeFileSync(readme, withSettingsTable(readFileSync(readme, 'utf8'), KEYS));
