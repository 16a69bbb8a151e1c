import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions, USAGE, type Options } from './options.js';
import { PEERS } from './peers/all.js';
import { LIFTED_LIMITS } from './peers/parley.js';
import type { Peer } from './peers/peer.js';
import { machine } from './report/machine.js';
import { line } from './report/line.js';
import { medians } from './report/medians.js';
import { drawPlots } from './report/plots.js';
import { table } from './report/table.js';
import { attempt, type Entry } from './runner.js';
import type { Workload } from './workloads/workload.js';

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

const options = readOptions(process.argv.slice(2));
if (options) await main(options);
else console.log(USAGE);

async function main({ isQuick, workloads, peers, rounds, out }: Options): Promise<void> {
  const present = peers.filter((peer) => {
    const reason = peer.missing();
    if (reason !== null) console.log(`\nSKIPPED ${peer.title}: ${reason}\n`);
    return reason === null;
  });
  const lifted = Object.keys(LIFTED_LIMITS).join(', ');
  console.log(`Parley runs with its defaults, but for ${lifted}, which are 0 (no limit).`);
  const entries: Entry[] = [];
  for (const workload of workloads) {
    console.log(`\n${workload.title}`);
    entries.push(...(await measure(workload, present, rounds, isQuick)));
  }
  const versions = Object.fromEntries(present.map((peer) => [peer.name, peer.version()]));
  const titles = PEERS.filter((peer) => present.includes(peer));
  const report = { machine: machine(), isQuick, lifted: LIFTED_LIMITS, versions, entries };
  const text = table(workloads, titles, entries);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'results.json'), `${JSON.stringify(report, null, 1)}\n`);
  writeFileSync(join(out, 'table.md'), text);
  for (const [name, svg] of drawPlots(titles, entries)) writeFileSync(join(out, name), svg);
  console.log(`\n${text}\nWritten to ${out}`);
  const isVoid = entries.some(
    ({ failure, results }) =>
      failure !== undefined || results.some(({ outcome }) => outcome === 'lost'),
  );
  if (isVoid) process.exitCode = 1;
}

/** Measures the servers in turn, round by round, so that a machine that slows down affects all. */
async function measure(
  workload: Workload,
  present: readonly Peer[],
  rounds: number,
  isQuick: boolean,
): Promise<readonly Entry[]> {
  const suited = present.filter((one) => workload.suits(one));
  const measured: Entry[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const peer of round % 2 === 0 ? suited : suited.toReversed()) {
      const entry = await attempt(workload, peer, isQuick);
      measured.push(entry);
      console.log(line(workload, peer, entry));
    }
  }
  return suited.map(({ name }) => medians(measured.filter(({ peer }) => peer === name)));
}
