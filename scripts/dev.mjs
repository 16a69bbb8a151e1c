import { spawn } from 'node:child_process';
import { ROOT } from './run.mjs';
import { buildWhereStale } from './product.mjs';

/** Three rebuild what changed, the fourth restarts the service after a rebuild. */
const WATCHERS = [
  ['node_modules/vite/bin/vite.js', 'build', 'web', '--watch', '--logLevel', 'warn'],
  ...['packages/protocol/tsconfig.build.json', 'tsconfig.build.json'].map((project) => [
    ...['node_modules/typescript/bin/tsc', '-p', project],
    ...['--watch', '--preserveWatchOutput'],
  ]),
  ['--watch', '--watch-preserve-output', 'dist/main.js'],
];

process.chdir(ROOT);
await buildWhereStale();
const children = WATCHERS.map((args) =>
  spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }),
);

/** @param {NodeJS.Signals} signal */
const stop = (signal) => {
  for (const child of children) child.kill(signal);
};
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    stop(signal);
  });
}
// npm forwards signals to its shell, which dies of them without a word.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) stop('SIGTERM');
}, 500).unref();
// Without one of them the others would run stale code.
for (const child of children) child.once('exit', () => stop('SIGTERM'));
