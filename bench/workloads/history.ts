import { once } from 'node:events';
import { admit, gather } from '../load/crowd.js';
import { HttpCaller } from '../load/http-caller.js';
import { Ledger } from '../load/ledger.js';
import type { Member } from '../load/member.js';
import { ClosedLoop, OpenLoop } from '../load/pace.js';
import { PageReader } from '../load/page-reader.js';
import { taggedRef, taggedText } from '../load/tag.js';
import { atTurn } from '../load/turns.js';
import { observe, type Observation, type Timing } from '../measure/observe.js';
import { untilQuiet } from '../measure/quiet.js';
import { ServerProcess } from '../measure/server-process.js';
import type { Pass, Peer } from '../peers/peer.js';
import type { Workload } from './workload.js';

const STORED = 1_000_000;
const QUICK_STORED = 50_000;
const FILLERS = 2;
const FILL_IN_FLIGHT = 2_000;
const MEMBERS = 100;
const RATE = 200;
const NEWLINE = 0x0a;
const MIB = 1024 * 1024;

export const history: Workload = {
  name: 'history',
  title: `A long history, read while ${RATE} messages/s go to ${MEMBERS} members`,
  columns: [
    { key: 'pageP50', title: 'page of 50, p50 ms' },
    { key: 'pageP99', title: 'page of 50, p99 ms' },
    { key: 'pagesPerSecond', title: 'pages/s' },
    { key: 'exportedPerSecond', title: 'exported messages/s' },
    { key: 'exportMibPerSecond', title: 'export MiB/s' },
    { key: 'exportGrowthMib', title: 'RSS growth by the export, MiB' },
    { key: 'storedPerSecond', title: 'stored messages/s while filling' },
  ],
  limitMs: 300_000,
  suits: (peer) => peer.archive !== undefined,
  run: async (peer, { isQuick, timing }) => {
    const stored = isQuick ? QUICK_STORED : STORED;
    const server = await ServerProcess.start(peer);
    try {
      // Those who fill the history are not among the members: a ref is unique per author.
      const everybody = await admit(peer, server.port, MEMBERS + FILLERS);
      const passes = everybody.slice(0, MEMBERS);
      const storedPerSecond = await fill(peer, server, everybody.slice(MEMBERS), stored);
      const busy = await readWhileBusy(peer, server, passes, stored, timing);
      const exported = await exportAll(peer, server, atTurn(passes, 0));
      const figures = { ...busy.figures, ...exported, storedPerSecond };
      return [{ ...busy, setting: `${stored} messages`, x: stored, figures }];
    } finally {
      await server.stop();
    }
  },
};

/** Fills the room with this many messages. @returns messages per second */
async function fill(
  peer: Peer,
  server: ServerProcess,
  passes: readonly Pass[],
  count: number,
): Promise<number> {
  const members = await gather(peer, server.port, passes);
  const ledger = new Ledger(members);
  const send = senderOf(peer, ledger, members);
  const pace = new ClosedLoop(ledger, FILL_IN_FLIGHT, (due) => {
    if (ledger.sent < count) send(due);
  });
  const begun = performance.now();
  pace.start();
  await untilCompleted(ledger, count);
  const took = performance.now() - begun;
  for (const member of members) member.leave();
  await untilQuiet(server);
  return (count * 1000) / took;
}

async function untilCompleted(ledger: Ledger, count: number): Promise<void> {
  await new Promise<void>((resolve) => {
    ledger.onPause = () => {
      if (ledger.completed >= count) resolve();
    };
  });
}

function senderOf(peer: Peer, ledger: Ledger, members: readonly Member[]): (due: number) => void {
  return (due) => {
    const number = ledger.enterForAll(due);
    const author = atTurn(members, number);
    author.send(peer.say(author.pass, taggedText(number), taggedRef(number)));
  };
}

async function readWhileBusy(
  peer: Peer,
  server: ServerProcess,
  passes: readonly Pass[],
  stored: number,
  timing: Timing,
): Promise<Observation> {
  const members = await gather(peer, server.port, passes, MEMBERS);
  await untilQuiet(server);
  const ledger = new Ledger(members);
  const pace = new OpenLoop(ledger, RATE, senderOf(peer, ledger, members));
  const reader = PageReader.open(peer, server.port, atTurn(passes, 0), stored);
  await reader.warmUp();
  const [observation, pages] = await Promise.all([
    observe(server, ledger, pace, timing),
    reader.readFor(timing),
  ]);
  reader.close();
  for (const member of members) member.leave();
  const figures = {
    ...observation.figures,
    pageP50: pages.percentile(50),
    pageP99: pages.percentile(99),
    pagesPerSecond: (pages.size * 1000) / timing.windowMs,
  };
  return { ...observation, figures };
}

async function exportAll(
  { archive }: Peer,
  server: ServerProcess,
  { token }: Pass,
): Promise<Record<string, number>> {
  if (!archive) return {};
  const caller = new HttpCaller(server.port, 1);
  const rssBefore = server.meter.rssBytes();
  const begun = performance.now();
  const answer = await caller.open({ method: 'GET', path: archive.export, token });
  let bytes = 0;
  let lines = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1))
      lines += 1;
  });
  await once(answer, 'end');
  const seconds = (performance.now() - begun) / 1000;
  caller.close();
  return {
    exportedPerSecond: lines / seconds,
    exportMibPerSecond: bytes / MIB / seconds,
    exportGrowthMib: (server.meter.rssBytes() - rssBefore) / MIB,
  };
}
