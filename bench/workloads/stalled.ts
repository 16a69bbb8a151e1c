import { CloseCode } from '@parley/protocol';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { admit, gather } from '../load/crowd.js';
import { Ledger } from '../load/ledger.js';
import { OpenLoop } from '../load/pace.js';
import { faultOf, Returner } from '../load/returner.js';
import { taggedRef, taggedText } from '../load/tag.js';
import { atTurn } from '../load/turns.js';
import { MemoryWatch } from '../measure/memory-watch.js';
import { untilQuiet } from '../measure/quiet.js';
import { ServerProcess } from '../measure/server-process.js';
import type { Peer } from '../peers/peer.js';
import type { Workload } from './workload.js';

const STALLED = 500;
const OTHERS = 250;
const SAMPLED = 50;
const RATE = 200;
/** Low, while the stalled readers read hundreds of megabytes through this process. */
const RATE_AFTERWARDS = 20;
/** Long, so that the kernel's buffers fill within seconds rather than minutes. */
const PADDING = ' and so on'.repeat(100);
const CALM_MS = 3_000;
const AFTERMATH_MS = 1_000;
/** Scouts stall with the rest; they check one by one whether the server has closed them. */
const SCOUTS = 60;
const LOOK_EVERY_MS = 500;
/** Time to drain the kernel's buffers up to a Close. */
const LOOK_MS = 400;
/** Time for the end of a connection that the server has given up. */
const PATIENCE_MS = 6_000;
const MIB = 1024 * 1024;
const PAGE_BYTES = 4_096;

/** What is said while they are away exceeds one default Sync. */
const ENVIRONMENT = { MAX_SYNC_MESSAGES: '20000' };

export const stalled: Workload = {
  name: 'stalled',
  title: `${STALLED} of ${STALLED + OTHERS} members stop reading at ${RATE} messages/s (MAX_SYNC_MESSAGES is ${ENVIRONMENT.MAX_SYNC_MESSAGES})`,
  columns: [
    { key: 'growthMib', title: 'RSS growth MiB' },
    { key: 'kernelMib', title: 'growth of the kernel’s socket buffers MiB' },
    { key: 'p50', title: 'others p50 ms' },
    { key: 'p99', title: 'others p99 ms' },
    { key: 'calmP99', title: 'others p99 ms before' },
    { key: 'stallMs', title: 'ms until they are given up' },
    { key: 'told', title: 'closed with 4408' },
    { key: 'cut', title: 'cut off without a word' },
    { key: 'kept', title: 'not closed' },
    { key: 'backMs', title: 'ms from reading on until all have everything' },
  ],
  limitMs: 180_000,
  suits: (peer) => peer.recovery !== undefined,
  run: async (plain) => {
    const peer = withEnvironment(plain);
    const server = await ServerProcess.start(peer);
    try {
      const passes = await admit(peer, server.port, OTHERS + STALLED + SCOUTS);
      const others = await gather(peer, server.port, passes.slice(0, OTHERS), SAMPLED);
      const slow = passes.slice(OTHERS).map((pass) => new Returner(peer, pass, server.port));
      for (const one of slow) await one.come();
      await untilQuiet(server);
      const ledger = new Ledger(others);
      const send = senderOf(peer, ledger);
      const pace = new OpenLoop(ledger, RATE, send);
      pace.start();
      await delay(CALM_MS);
      const memory = new MemoryWatch(server.meter);
      const stall = await stallAll(ledger, slow);
      pace.stop();
      const gentle = new OpenLoop(ledger, RATE_AFTERWARDS, send);
      gentle.start();
      const back = await bringBack(slow);
      gentle.stop();
      await delay(AFTERMATH_MS);
      const { first, peak } = memory.stop();
      const fault = ledger.fault() ?? faultOf(slow, ledger.sent);
      for (const member of others) member.leave();
      for (const { member } of slow) member?.leave();
      const figures = { growthMib: (peak - first) / MIB, ...stall, ...back };
      const result = { setting: `${STALLED} stalled`, x: STALLED, figures };
      if (fault !== null) return [{ ...result, outcome: 'lost', note: fault }];
      return [{ ...result, outcome: pace.isBehind ? 'behind' : 'ok' }];
    } finally {
      await server.stop();
    }
  },
};

/** One author, so that the room's numbers are those of the ledger. */
function senderOf(peer: Peer, ledger: Ledger): (due: number) => void {
  const author = atTurn(ledger.readers, 0);
  return (due) => {
    const number = ledger.enterForAll(due);
    author.send(peer.say(author.pass, taggedText(number) + PADDING, taggedRef(number)));
  };
}

function withEnvironment(peer: Peer): Peer {
  return {
    ...peer,
    command: (port, folder) => {
      const command = peer.command(port, folder);
      return { ...command, environment: { ...command.environment, ...ENVIRONMENT } };
    },
  };
}

/** Stops reading on all of them until a scout sees that it was closed. */
async function stallAll(
  ledger: Ledger,
  slow: readonly Returner[],
): Promise<Record<string, number>> {
  const calmP99 = ledger.latency.percentile(99);
  ledger.latency.clear();
  const kernelBefore = kernelBytes();
  const begun = performance.now();
  for (const { member } of slow) member?.pause();
  await firstGivenUp(slow.slice(0, SCOUTS));
  return {
    kernelMib: (kernelBytes() - kernelBefore) / MIB,
    p50: ledger.latency.percentile(50),
    p99: ledger.latency.percentile(99),
    calmP99,
    stallMs: performance.now() - begun,
  };
}

async function firstGivenUp(scouts: readonly Returner[]): Promise<void> {
  for (const { member } of scouts) {
    await delay(LOOK_EVERY_MS);
    member?.resume();
    await Promise.race([member?.gone, delay(LOOK_MS)]);
    if (member?.closeCode === CloseCode.SlowReader) return;
  }
  throw new Error('nobody was given up');
}

/** All resume reading, see how they were closed, and reconnect. */
async function bringBack(slow: readonly Returner[]): Promise<Record<string, number>> {
  const begun = performance.now();
  const ends = { told: 0, cut: 0, kept: 0 };
  for (const { member } of slow) member?.resume();
  await Promise.all(
    slow.map(async (one, index) => {
      const { member } = one;
      await Promise.race([member?.gone, delay(PATIENCE_MS)]);
      // Scouts that resumed in time are members like the others.
      if (index >= SCOUTS) {
        if (member?.lost !== true) ends.kept += 1;
        else if (member.closeCode === CloseCode.SlowReader) ends.told += 1;
        else ends.cut += 1;
      }
      if (member?.lost === true) await one.come();
    }),
  );
  return { ...ends, backMs: performance.now() - begun };
}

/** Kernel memory of all TCP sockets of the machine. */
function kernelBytes(): number {
  const pages = /^TCP: .* mem (\d+)$/m.exec(readFileSync('/proc/net/sockstat', 'utf8'))?.[1];
  return Number(pages) * PAGE_BYTES;
}
