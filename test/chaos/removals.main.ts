import { parseArgs } from 'node:util';
import { startCluster } from '../support/cluster.js';
import { clearUp } from '../support/leftovers.js';
import { type Fault, FAULTS } from './faults.js';
import { USAGE, whole } from './options.js';
import { removals } from './removals.js';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit();
}
const [count, seed] = [whole('count', values.count, 1), whole('seed', values.seed, 0)];
process.stderr.write(`seed ${seed}\n`);
try {
  const { nodes } = await startCluster();
  const places = nodes.map(({ service }) => service);
  const report = await removals({ count, seed, nodes: places });
  const { removals: done, busy, head, told, seconds, faults } = report;
  process.stdout.write(
    `${done} removals in ${seconds.toFixed(0)} s, ${head} numbers in the room, ${told} told; ` +
      `${busy} calls refused for now\n`,
  );
  for (const [fault, meaning] of Object.entries(FAULTS)) {
    const times = faults.count(fault as Fault);
    if (times > 0) process.stdout.write(`${times} ${fault}: ${meaning}\n`);
    for (const example of faults.examples(fault as Fault)) process.stdout.write(`  ${example}\n`);
  }
  if (faults.total > 0) process.exitCode = 1;
  else
    process.stdout.write(
      'Nobody was told of anything that is not theirs, and nobody missed anything.\n',
    );
} finally {
  await clearUp();
}
process.exit();
