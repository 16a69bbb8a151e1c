import { admit, gather } from '../load/crowd.js';
import { Ledger } from '../load/ledger.js';
import type { Member } from '../load/member.js';
import { ClosedLoop, OpenLoop, type Pace } from '../load/pace.js';
import { taggedRef, taggedText } from '../load/tag.js';
import { atTurn } from '../load/turns.js';
import { observe } from '../measure/observe.js';
import { ServerProcess } from '../measure/server-process.js';
import { untilQuiet } from '../measure/quiet.js';
import type { Peer } from '../peers/peer.js';
import type { Column, Result, Scale, Workload } from './workload.js';

const MEMBERS = 1_000;
const SENDERS = 20;
const SAMPLED = 50;

export const FAN_OUT_COLUMNS: readonly Column[] = [
  { key: 'cpuPerDelivery', title: 'CPU µs per delivery', isCompared: true },
  { key: 'p99', title: 'p99 ms' },
  { key: 'deliveriesPerSecond', title: 'deliveries/s' },
  { key: 'clientCpuPerDelivery', title: 'client CPU µs per delivery' },
];

/** A load on a room: messages kept in flight, or messages per second. */
export type RoomLoad =
  | { readonly kind: 'closed'; readonly inFlight: number }
  | { readonly kind: 'open'; readonly rate: number };

const LOADS: readonly RoomLoad[] = [
  { kind: 'closed', inFlight: 1 },
  { kind: 'closed', inFlight: 4 },
  { kind: 'closed', inFlight: 16 },
  { kind: 'open', rate: 50 },
  { kind: 'open', rate: 200 },
  { kind: 'open', rate: 2_000 },
  { kind: 'open', rate: 5_000 },
];

const QUICK_LOADS = LOADS.filter(
  (load) => load.kind === 'closed' || load.rate === 200 || load.rate === 5_000,
);

export const fanOut: Workload = {
  name: 'fan-out',
  title: `One room of ${MEMBERS} members, ${SENDERS} of them talking`,
  columns: FAN_OUT_COLUMNS,
  limitMs: 180_000,
  suits: () => true,
  run: (peer, scale) => fillRoom(peer, MEMBERS, scale.isQuick ? QUICK_LOADS : LOADS, scale),
};

/** Applies loads to one room one after the other, until one is too much for the server. */
export async function fillRoom(
  peer: Peer,
  size: number,
  loads: readonly RoomLoad[],
  { timing }: Scale,
): Promise<readonly Result[]> {
  const server = await ServerProcess.start(peer);
  try {
    const passes = await admit(peer, server.port, size);
    const members = await gather(peer, server.port, passes, SAMPLED);
    await untilQuiet(server);
    const ledger = new Ledger(members);
    const results: Result[] = [];
    for (const load of loads) {
      const pace = paceOf(load, ledger, senderOf(peer, ledger, members));
      const observation = await observe(server, ledger, pace, timing);
      results.push({ setting: titleOf(load), x: axisOf(load), ...observation });
      if (observation.outcome !== 'ok') break;
    }
    for (const member of members) member.leave();
    return results;
  } finally {
    await server.stop();
  }
}

function senderOf(peer: Peer, ledger: Ledger, members: readonly Member[]): (due: number) => void {
  const senders = members.slice(0, SENDERS);
  let turn = 0;
  return (due) => {
    const author = atTurn(senders, turn++);
    const number = peer.sparesAuthor ? ledger.enterForOthers(author, due) : ledger.enterForAll(due);
    author.send(peer.say(author.pass, taggedText(number), taggedRef(number)));
  };
}

function paceOf(load: RoomLoad, ledger: Ledger, send: (due: number) => void): Pace {
  return load.kind === 'closed'
    ? new ClosedLoop(ledger, load.inFlight, send)
    : new OpenLoop(ledger, load.rate, send);
}

function titleOf(load: RoomLoad): string {
  return load.kind === 'closed' ? `${load.inFlight} in flight` : `${load.rate} messages/s`;
}

function axisOf(load: RoomLoad): number {
  return load.kind === 'closed' ? load.inFlight : load.rate;
}
