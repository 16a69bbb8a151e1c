import { parseArgs } from 'node:util';
import { clearUp } from '../support/leftovers.js';
import { startService } from '../support/service.js';
import { USAGE, whole } from './options.js';
import { unread } from './unread.js';

const PROGRESS_EVERY = 5_000;

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '100000' },
    'kill-every': { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit();
}
const steps = whole('steps', values.steps, 1);
const killEvery = whole('kill-every', values['kill-every'], 1);
const seed = whole('seed', values.seed, 0);
process.stderr.write(`seed ${seed}\n`);

function progress(done: number): void {
  if (done % PROGRESS_EVERY === 0) process.stderr.write(`${done} steps\n`);
}

try {
  const service = await startService({
    env: { RECEIPTS_MAX: '0', ACCESS_TOKEN_TTL: '86400' },
  });
  const done = await unread({ steps, seed, service, killEvery, progress });
  for (const [what, times] of Object.entries(done)) process.stdout.write(`${times} ${what}\n`);
  process.stdout.write(`After ${steps} steps everything is what the model says.\n`);
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await clearUp();
}
process.exit();
