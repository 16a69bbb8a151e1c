// A node's hub alone, with connections that take every byte at once: the cost of many rooms beside
// one. `hold` tells how much memory people in so many rooms take, in so many rooms of a hundred:
//   node bench/probes/rooms.mjs hold 50
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createApp } from '../../dist/bootstrap.js';
import { roomKey } from '../../dist/chat/conversations/key.js';
import { LOBBY_ROOM } from '../../dist/chat/conversations/lobby.js';
import { RoomBook } from '../../dist/chat/conversations/room-book.js';
import { MessageBus } from '../../dist/chat/log/message-bus.js';
import { loadSettings } from '../../dist/config/load.js';
import { Connection } from '../../dist/gateway/connections/connection.js';
import { ConnectionRegistry } from '../../dist/gateway/connections/connection-registry.js';
import { Hub } from '../../dist/gateway/delivery/hub.js';
import { RoomChannels } from '../../dist/gateway/delivery/room-channels.js';
import { NativeFormat } from '../../dist/gateway/transports/ws/native-format.js';
import { probe } from './probe.mjs';

/** Messages per room before the members are written. */
const AT_ONCE = 4;

/** Of {@link hold}. */
const PEOPLE = 5_000;
const MEMBERS = 100;
const KIB = 1024;

const [what = '', rooms = '1', members = '50'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'parley-probe-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const app = await createApp(
  loadSettings({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATA_DIR: folder }),
);
await app.init();
const hub = app.get(Hub);
const book = app.get(RoomBook);
const channels = app.get(RoomChannels);
const registry = app.get(ConnectionRegistry);
const bus = app.get(MessageBus);
const format = new NativeFormat(16);

/** Rooms that are known, as if they were stored, and followed. */
async function open(count) {
  const keys = Array.from({ length: count }, (_, at) => roomKey(`room-${at}`));
  for (const key of keys) {
    book.learn({ ...LOBBY_ROOM, id: key.slice('room:'.length), key, name: key });
  }
  await Promise.all(keys.map((key) => channels.keep(key)));
  return keys;
}

let made = 0;
function connection() {
  const id = String(made++).padStart(26, '0');
  const identity = { user: { id, username: `u${id}` }, sessionId: id, expiresAt: Infinity };
  const channel = {
    queuedBytes: 0,
    takenBytes: 0,
    write: () => undefined,
    drained: () => Promise.resolve(),
    pause: () => undefined,
    resume: () => undefined,
    close: () => undefined,
    terminate: () => undefined,
  };
  const one = new Connection(id, identity, '127.0.0.1', format, channel, false, hub.gather);
  registry.add(one);
  return one;
}

function enter(one, keys) {
  const places = keys.map((key) => [key, { role: 'member', joined: 1, left: null }]);
  book.settle(one.person.id, new Map(places));
  for (const key of keys) hub.join(one, key);
}

/** Everybody is in one room, and a message is sent there. */
async function talk(keys) {
  for (const key of keys) {
    for (let at = 0; at < Number(members); at += 1) enter(connection(), [key]);
  }
  const author = { id: '0'.repeat(26), username: 'probe' };
  let seq = 0;
  const event = (conversation, number) => ({
    conversation,
    seq: number,
    n: number,
    id: `01JD${String(number).padStart(22, '0')}`,
    time: Date.now(),
    author,
    to: null,
    kind: 'message',
    target: null,
    body: 'x'.repeat(64),
    origin: 'elsewhere.1',
  });
  await probe(async () => {
    const batch = [];
    for (let at = 1; at <= AT_ONCE; at += 1) {
      for (const key of keys) batch.push(event(key, seq + at));
    }
    seq += AT_ONCE;
    await bus.publish(batch);
    hub.flushPending();
    return batch.length * Number(members);
  });
}

/** A member of all rooms connects and disconnects, beside those who stay. */
async function come(keys) {
  enter(connection(), keys);
  await probe(async () => {
    for (let at = 0; at < 100; at += 1) {
      const one = connection();
      enter(one, keys);
      hub.leave(one);
      registry.remove(one);
    }
    await new Promise((resolve) => setImmediate(resolve));
    return 100;
  });
}

/** What is alive of people who are each in `count` rooms, the rooms included. */
async function hold(count) {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const used = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  const keys = await open((PEOPLE * count) / MEMBERS);
  const between = used();
  for (let at = 0; at < PEOPLE; at += 1) {
    const own = Array.from({ length: count }, (_, nth) => keys[(at * count + nth) % keys.length]);
    enter(connection(), own);
  }
  const after = used();
  const [ofRooms, ofPlaces] = [between - before, after - between].map(
    (bytes) => bytes / KIB / PEOPLE,
  );
  console.log(`KiB a person: ${ofPlaces.toFixed(2)}, and ${ofRooms.toFixed(2)} for the rooms`);
  process.exit();
}

if (what === 'talk') await talk(await open(Number(rooms)));
else if (what === 'hold') await hold(Number(rooms));
else await come(await open(Number(rooms)));
