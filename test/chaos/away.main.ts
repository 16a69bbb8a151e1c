import { parseArgs } from 'node:util';
import { clearUp } from '../support/leftovers.js';
import { freshDatabase } from '../support/postgres.js';
import { startService } from '../support/service.js';
import { away } from './away.js';
import { USAGE, whole } from './options.js';

const PROGRESS_EVERY_MS = 10_000;

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '50000' },
    postgres: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit();
}
const events = whole('events', values.events, 1);
const seed = whole('seed', values.seed, 0);
process.stderr.write(`seed ${seed}\n`);

let told = performance.now();

function progress(done: number): void {
  if (performance.now() - told < PROGRESS_EVERY_MS) return;
  told = performance.now();
  process.stderr.write(`${done} events\n`);
}

try {
  const env: Record<string, string> = { ACCESS_TOKEN_TTL: '86400' };
  if (values.postgres) env['DATABASE_URL'] = await freshDatabase();
  const service = await startService({ env });
  const report = await away({ place: service, events, seed, progress });
  for (const [what, count] of Object.entries(report)) process.stdout.write(`${what}: ${count}\n`);
  process.stdout.write('Each return had what somebody had who stayed, and nothing deleted.\n');
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await clearUp();
}
process.exit();
