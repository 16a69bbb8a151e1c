import { setTimeout as delay } from 'node:timers/promises';
import { Bystanders } from '../load/bystanders.js';
import { admit } from '../load/crowd.js';
import { faultOf, Returner } from '../load/returner.js';
import { untilQuiet } from '../measure/quiet.js';
import { ServerProcess } from '../measure/server-process.js';
import { atTurn } from '../load/turns.js';
import type { Pass, Peer } from '../peers/peer.js';
import { comeOneByOne, cutAll, noteOf } from './storm.js';
import type { Result, Scale, Workload } from './workload.js';

const EACH = 50;
const MEMBERS = 100;
const PEOPLE = 10_000;
const QUICK_PEOPLE = 1_000;
/** How many of them are cut at once. */
const CUT = 5_000;
const BYSTANDERS = 20;
/** Messages per second in the lobby, meanwhile. */
const RATE = 10;
const SETTLE_MS = 3_000;
const KIB = 1024;

/** Memory of people in rooms, and what it takes when many of them come back. */
export const fiftyRooms: Workload = {
  name: 'fifty-rooms',
  title: `${PEOPLE} people, each in ${EACH} rooms of ${MEMBERS}; ${CUT} of them are cut and come back`,
  columns: [
    { key: 'kibPerPerson', title: 'RSS KiB per person' },
    { key: 'cpuPerConnect', title: 'CPU µs per connect, caught up' },
    { key: 'allBackMs', title: 'ms until all are back and caught up' },
    { key: 'p50', title: 'bystander p50 ms' },
    { key: 'p99', title: 'bystander p99 ms' },
    { key: 'calmP99', title: 'bystander p99 ms before' },
    { key: 'serverCpuMs', title: 'server CPU ms of the storm' },
    { key: 'rssPeakMib', title: 'RSS MiB at most' },
    { key: 'failures', title: 'connections that failed' },
  ],
  limitMs: 900_000,
  suits: ({ rooms }) => rooms?.ask !== undefined && rooms.prepare !== undefined,
  run: async (peer, scale) => [
    await measure(peer, 'in the lobby only', 0, scale),
    await measure(peer, `in ${EACH} rooms`, EACH, scale),
  ],
};

async function measure(
  peer: Peer,
  setting: string,
  each: number,
  { isQuick }: Scale,
): Promise<Result> {
  const people = isQuick ? QUICK_PEOPLE : PEOPLE;
  const server = await ServerProcess.start(peer);
  try {
    const passes = await admit(peer, server.port, people + BYSTANDERS);
    const crowdPasses = passes.slice(BYSTANDERS);
    const rooms = roomsOf(crowdPasses, each);
    if (rooms.size > 0) await peer.rooms?.prepare?.(server.port, rooms);
    // What setting up left behind must neither count, nor make room for the connections.
    await server.restart();
    const watchers = passes.slice(0, BYSTANDERS);
    const bystanders = await Bystanders.gather(peer, server.port, watchers, RATE);
    const names = [...rooms.keys()];
    const crowd = crowdPasses.map(
      (pass, at) => new Returner(knowing(peer, ownRooms(names, at, each)), pass, server.port),
    );
    const figures = await connectAll(server, crowd);
    await bystanders.ask('speak');
    const storm = await cutAll(server, bystanders, crowd.slice(0, CUT), 0);
    const { isBehind } = await bystanders.ask('hush');
    await untilQuiet(server);
    const { sent, fault } = await bystanders.ask('leave');
    const wrong = fault ?? faultOf(crowd, sent);
    for (const { member } of crowd) member?.leave();
    const outcome = wrong !== null ? 'lost' : isBehind ? 'behind' : 'ok';
    const note = wrong === null ? noteOf(crowd) : { note: wrong };
    return { setting, x: each, outcome, figures: { ...figures, ...storm }, ...note };
  } finally {
    await server.stop();
  }
}

async function connectAll(
  server: ServerProcess,
  crowd: readonly Returner[],
): Promise<Record<string, number>> {
  await untilQuiet(server);
  await delay(SETTLE_MS);
  const cpu = server.meter.cpuMs();
  const rss = server.meter.rssBytes();
  await comeOneByOne(crowd);
  await untilQuiet(server);
  const cpuMs = server.meter.cpuMs() - cpu;
  await delay(SETTLE_MS);
  return {
    kibPerPerson: (server.meter.rssBytes() - rss) / KIB / crowd.length,
    cpuPerConnect: (cpuMs * 1_000) / crowd.length,
  };
}

/** Rooms of {@link MEMBERS}, so many that each person is in the wanted number of them. */
function roomsOf(people: readonly Pass[], each: number): ReadonlyMap<string, readonly Pass[]> {
  const count = (people.length * each) / MEMBERS;
  const rooms = new Map<string, Pass[]>();
  for (let at = 0; at < count; at += 1) rooms.set(`room-${(10_000 + at).toString()}`, []);
  const names = [...rooms.keys()];
  for (const [at, person] of people.entries()) {
    for (const name of ownRooms(names, at, each)) rooms.get(name)?.push(person);
  }
  return rooms;
}

function ownRooms(names: readonly string[], person: number, each: number): readonly string[] {
  return Array.from({ length: each }, (_, nth) => atTurn(names, person * each + nth));
}

/** A client that names all of its rooms when it comes back, in which nothing was said meanwhile. */
function knowing(peer: Peer, names: readonly string[]): Peer {
  const { recovery, rooms } = peer;
  if (recovery === undefined) return peer;
  const ask = (have: number): string => {
    const positions = new Map([['lobby', have], ...names.map((name) => [name, MEMBERS] as const)]);
    return rooms?.ask?.(positions) ?? recovery.ask(have);
  };
  return { ...peer, recovery: { ...recovery, ask } };
}
