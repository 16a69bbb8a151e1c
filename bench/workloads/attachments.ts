import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { admit, gather } from '../load/crowd.js';
import type { Histogram } from '../load/histogram.js';
import { Talk } from '../load/talk.js';
import { atTurn } from '../load/turns.js';
import { MemoryWatch } from '../measure/memory-watch.js';
import { ServerProcess } from '../measure/server-process.js';
import { benchPath } from '../peers/places.js';
import type { Peer } from '../peers/peer.js';
import type { Result, Workload } from './workload.js';

const MIB = 1024 * 1024;
const CROWD = 20;
const QUIET_MS = 5_000;
/** The bounds of what one person may send and keep: all files are of one. */
const LIFTED = { ATTACHMENT_RATE: '0', ATTACHMENT_QUOTA: '0' };

/** How many files, how large, and how often they are read. */
interface Amount {
  readonly files: number;
  readonly bytes: number;
  readonly downloads: number;
}

const WHOLE: Amount = { files: 100, bytes: 25 * MIB, downloads: 1_000 };
const QUICK: Amount = { files: 20, bytes: 5 * MIB, downloads: 100 };

export const attachments: Workload = {
  name: 'attachments',
  title: 'Files that are sent and read all at once, and what those who talk notice',
  columns: [
    { key: 'quietP50', title: 'Ack p50 ms before' },
    { key: 'p50', title: 'Ack p50 ms meanwhile' },
    { key: 'p99', title: 'Ack p99 ms meanwhile' },
    { key: 'mibPerSecond', title: 'MiB/s' },
    { key: 'rssBefore', title: 'RSS MiB before' },
    { key: 'growth', title: 'RSS growth at most, MiB' },
  ],
  limitMs: 900_000,
  suits: (peer) => peer.name === 'parley',
  run: async (plain, scale) => {
    const peer = withoutQuota(plain);
    const server = await ServerProcess.start(peer);
    try {
      return await measure(peer, server, scale.isQuick ? QUICK : WHOLE);
    } finally {
      await server.stop();
    }
  },
};

async function measure(
  peer: Peer,
  server: ServerProcess,
  amount: Amount,
): Promise<readonly Result[]> {
  const passes = await admit(peer, server.port, CROWD + 1);
  const members = await gather(peer, server.port, passes.slice(0, CROWD));
  const talk = new Talk(peer, atTurn(members, 0));
  const sender = atTurn(passes, CROWD);
  const child = await begin(server.port, sender.token, amount);
  try {
    await delay(QUIET_MS);
    const quietP50 = talk.take().percentile(50);
    const results: Result[] = [];
    for (const [x, step] of (['upload', 'download'] as const).entries()) {
      const memory = new MemoryWatch(server.meter);
      talk.take();
      const { seconds, bytes } = await ask(child, step);
      const { first, peak } = memory.stop();
      const figures = { quietP50, ...timesOf(talk.take()), mibPerSecond: bytes / MIB / seconds };
      const rss = { rssBefore: first / MIB, growth: (peak - first) / MIB };
      const setting = settingOf(step, amount);
      results.push({ setting, x, outcome: 'ok', figures: { ...figures, ...rss } });
    }
    return results;
  } finally {
    talk.stop();
    for (const member of members) member.leave();
    child.kill();
  }
}

function timesOf(times: Histogram): { readonly p50: number; readonly p99: number } {
  return { p50: times.percentile(50), p99: times.percentile(99) };
}

function settingOf(step: 'upload' | 'download', { files, bytes, downloads }: Amount): string {
  const size = `${bytes / MIB} MiB`;
  return step === 'upload' ? `${files} × ${size} sent at once` : `${downloads} × ${size} read`;
}

async function begin(port: number, token: string, amount: Amount): Promise<ChildProcess> {
  const child = fork(benchPath('probes', 'files.mjs'), [
    ...[String(port), token],
    ...[String(amount.files), String(amount.bytes), String(amount.downloads)],
  ]);
  await once(child, 'message');
  return child;
}

/** @throws Error where one of the files did not come through */
async function ask(
  child: ChildProcess,
  step: 'upload' | 'download',
): Promise<{ readonly seconds: number; readonly bytes: number }> {
  const told = once(child, 'message');
  child.send(step);
  const [answer] = (await told) as [{ seconds: number; bytes: number; fault?: string }];
  if (answer.fault !== undefined) throw new Error(answer.fault);
  return answer;
}

function withoutQuota(peer: Peer): Peer {
  return {
    ...peer,
    command: (port, folder) => {
      const command = peer.command(port, folder);
      return { ...command, environment: { ...command.environment, ...LIFTED } };
    },
  };
}
