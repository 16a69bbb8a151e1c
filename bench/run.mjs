import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildCompared } from './compared.mjs';
import { buildWhereStale } from '../scripts/product.mjs';
import { runTool } from '../scripts/run.mjs';

// Installs the peers, builds Parley and the benchmark where needed, and runs the benchmark.
const HERE = import.meta.dirname;

if (!existsSync(join(HERE, 'node_modules'))) {
  console.error('Installing the peers …');
  const { status } = spawnSync('npm', ['ci'], { cwd: HERE, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(1);
}
// First the service: the benchmark is built against its packages.
try {
  await buildWhereStale();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
}
const { code, output } = await runTool('typescript/bin/tsc', ['-p', 'bench/tsconfig.build.json']);
if (code !== 0) {
  console.error(`Cannot build the benchmark:\n${output}`);
  process.exit(1);
}
const { values } = parseArgs({ options: { compare: { type: 'string' } }, strict: false });
if (typeof values.compare === 'string') {
  process.env['BENCH_COMPARED'] = buildCompared(values.compare);
}
await import('./dist/main.js');
