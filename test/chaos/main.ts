import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearUp } from '../support/leftovers.js';
import { chaos } from './chaos.js';
import { type Options, readOptions, USAGE } from './options.js';
import { oneService, threeNodes } from './stages.js';
import { table } from './table.js';

const PROGRESS_EVERY = 25;

const options = readOptions(process.argv.slice(2));
if (options) await main(options);
else process.stdout.write(`${USAGE}\n`);

async function main(given: Options): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-chaos-'));
  process.stderr.write(`seed ${given.seed}, data in ${dataDir}\n`);
  try {
    const stage = await (given.cluster ? threeNodes(dataDir) : oneService(dataDir));
    const report = await chaos({ ...given, stage, progress });
    process.stdout.write(`${table(report)}\n`);
    // What went wrong can be looked at.
    if (report.faults.total > 0) process.exitCode = 1;
    else rmSync(dataDir, { recursive: true });
  } finally {
    await clearUp();
  }
  // After a thousand services and half a million sockets Node was seen to spin in its own clean-up.
  process.exit();
}

function progress(kills: number, acknowledged: number): void {
  if (kills % PROGRESS_EVERY !== 0) return;
  process.stderr.write(`${kills} kills, ${acknowledged} messages acknowledged\n`);
}
