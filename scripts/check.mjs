import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { ROOT, runTool } from './run.mjs';

/** @typedef {{ script: string, args: readonly string[] }} Command */

const CACHE = 'node_modules/.cache';

/**
 * @param {string} project folder of a tsconfig.json
 * @returns {Command}
 */
const types = (project) => ({
  script: 'typescript/bin/tsc',
  args: [
    ...['-p', project, '--noEmit', '--incremental'],
    ...['--tsBuildInfoFile', `${CACHE}/types/${project.replaceAll('.', 'root')}.json`],
  ],
});

const projects = ['.', 'scripts', 'web', 'bench'].filter((folder) =>
  existsSync(join(ROOT, folder, 'tsconfig.json')),
);
const trees = ['src', 'packages/protocol', 'packages/client', 'web'].filter((folder) =>
  existsSync(join(ROOT, folder)),
);

/**
 * The longest first, so that the short ones fill the remaining time.
 * @type {Record<string, readonly Command[]>}
 */
const CHECKS = {
  lint: [{ script: 'eslint/bin/eslint.js', args: ['--max-warnings', '0', '.'] }],
  types: projects.map(types),
  format: [
    {
      script: 'prettier/bin/prettier.cjs',
      args: ['--check', '--log-level', 'warn', '--cache', '.'],
    },
  ],
  layers: [
    {
      script: 'dependency-cruiser/bin/dependency-cruise.mjs',
      args: ['--config', '.dependency-cruiser.cjs', ...trees],
    },
  ],
  unused: [{ script: 'knip/bin/knip.js', args: ['--no-progress'] }],
};

/**
 * @param {string} name
 * @returns {Promise<boolean>} whether it passed
 */
async function check(name) {
  const began = performance.now();
  const results = [];
  for (const { script, args } of CHECKS[name] ?? []) results.push(await runTool(script, args));
  const passed = results.every(({ code }) => code === 0);
  const time = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${name.padEnd(7)} ${passed ? 'ok' : 'FAILED'} (${time} s)`);
  if (!passed) console.log(results.map(({ output }) => output.trim()).join('\n'));
  return passed;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in CHECKS));
if (unknown.length > 0) {
  console.error(
    `There is no such check: ${unknown.join(', ')}. Known: ${Object.keys(CHECKS).join(', ')}`,
  );
  process.exit(1);
}
const queue = wanted.length > 0 ? wanted : Object.keys(CHECKS);

const lanes = Array.from({ length: Math.max(1, cpus().length) }, async () => {
  let well = true;
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    well = (await check(name)) && well;
  }
  return well;
});
if ((await Promise.all(lanes)).includes(false)) process.exitCode = 1;
