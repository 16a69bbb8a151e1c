import { setTimeout as delay } from 'node:timers/promises';
import { admit, gather } from '../load/crowd.js';
import { Ledger } from '../load/ledger.js';
import type { Member } from '../load/member.js';
import { OpenLoop } from '../load/pace.js';
import { taggedRef, taggedText } from '../load/tag.js';
import { atTurn } from '../load/turns.js';
import { observe } from '../measure/observe.js';
import { untilQuiet } from '../measure/quiet.js';
import { ServerProcess } from '../measure/server-process.js';
import type { Pass, Peer, Rooms } from '../peers/peer.js';
import { FAN_OUT_COLUMNS } from './fan-out.js';
import type { Result, Scale, Workload } from './workload.js';

interface Setting {
  readonly title: string;
  readonly rooms: number;
  readonly size: number;
  /** Messages per second, in all rooms together. */
  readonly rate: number;
}

const SETTINGS: readonly Setting[] = [
  { title: '100 rooms of 50, 2000 messages/s', rooms: 100, size: 50, rate: 2_000 },
  { title: '1000 rooms of 10, 2000 messages/s', rooms: 1_000, size: 10, rate: 2_000 },
];
/** For subscriptions to arrive that nothing answers. */
const SETTLE_MS = 1_000;
const SAMPLED = 100;

/** Everybody is in one of the rooms. */
export const manyRooms: Workload = {
  name: 'many-rooms',
  title: 'Many rooms at once, everybody in one of them, one of each talking',
  columns: FAN_OUT_COLUMNS,
  limitMs: 300_000,
  suits: ({ rooms }) => rooms !== undefined,
  run: async (peer, scale) => {
    const results: Result[] = [];
    for (const setting of SETTINGS) results.push(await measure(peer, setting, scale));
    return results;
  },
};

async function measure(
  peer: Peer,
  { title, rooms: count, size, rate }: Setting,
  { timing }: Scale,
): Promise<Result> {
  const { rooms } = peer;
  if (rooms === undefined) throw new Error(`${peer.name} has no rooms`);
  const server = await ServerProcess.start(peer);
  try {
    const passes = await admit(peer, server.port, count * size);
    await rooms.prepare?.(server.port, shared(passes, count));
    const members = await gather(peer, server.port, passes, SAMPLED);
    const groups = await enterAll(rooms, members, count);
    await untilQuiet(server);
    const ledger = new Ledger(members);
    const pace = new OpenLoop(ledger, rate, senderOf(rooms, ledger, groups));
    const observation = await observe(server, ledger, pace, timing);
    for (const member of members) member.leave();
    return { setting: title, x: count, ...observation };
  } finally {
    await server.stop();
  }
}

/** Each room's name, and its part of all. */
function shared<Item>(items: readonly Item[], count: number): ReadonlyMap<string, readonly Item[]> {
  const size = items.length / count;
  const rooms = new Map<string, readonly Item[]>();
  for (let at = 0; at < count; at += 1) {
    rooms.set(roomName(at), items.slice(at * size, (at + 1) * size));
  }
  return rooms;
}

/** Of one length, so that a tag stands at one place in all rooms' messages. */
function roomName(at: number): string {
  return `room-${(10_000 + at).toString()}`;
}

async function enterAll(
  rooms: Rooms,
  members: readonly Member[],
  count: number,
): Promise<readonly (readonly [room: string, members: readonly Member[]])[]> {
  const groups = [...shared(members, count)];
  if (rooms.enter === undefined) return groups;
  for (const [room, inside] of groups) {
    for (const member of inside) member.send(rooms.enter(room));
  }
  await delay(SETTLE_MS);
  return groups;
}

function senderOf(
  rooms: Rooms,
  ledger: Ledger,
  groups: readonly (readonly [room: string, members: readonly Member[]])[],
): (due: number) => void {
  let turn = 0;
  return (due) => {
    const [room, members] = atTurn(groups, turn++);
    const author: Member = atTurn(members, 0);
    const pass: Pass = author.pass;
    const number = ledger.enterForRoom(members, due);
    author.send(rooms.say(pass, room, taggedText(number), taggedRef(number)));
  };
}
