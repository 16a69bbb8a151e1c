// A node's hub alone, with connections that take every byte at once: the cost of many rooms beside
// one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../dist/bootstrap.js';
import { Access } from '../../dist/chat/conversations/access.js';
import { roomKey } from '../../dist/chat/conversations/key.js';
import { MessageBus } from '../../dist/chat/log/message-bus.js';
import { loadSettings } from '../../dist/config/load.js';
import { Connection } from '../../dist/gateway/connections/connection.js';
import { ConnectionRegistry } from '../../dist/gateway/connections/connection-registry.js';
import { Hub } from '../../dist/gateway/delivery/hub.js';
import { NativeFormat } from '../../dist/gateway/transports/ws/native-format.js';
import { probe } from './probe.mjs';

/** Messages per room before the members are written. */
const AT_ONCE = 4;

const [what = '', rooms = '1', members = '50'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'parley-probe-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const app = await createApp(
  loadSettings({ NODE_ENV: 'test', LOG_LEVEL: 'silent', DATA_DIR: folder }),
);
await app.init();
// Clients know the lobby only; here the hub is called directly.
app.get(Access).mayDo = () => ({ allowed: true });
const hub = app.get(Hub);
const registry = app.get(ConnectionRegistry);
const bus = app.get(MessageBus);
const format = new NativeFormat(16);
const keys = Array.from({ length: Number(rooms) }, (_, at) => roomKey(`room-${at}`));
for (const key of keys) await hub.openRoom(key);

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

/** Everybody is in one room, and a message is sent there. */
async function talk() {
  for (const key of keys) {
    for (let at = 0; at < Number(members); at += 1) hub.join(connection(), key);
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
async function come() {
  for (const key of keys) hub.join(connection(), key);
  await probe(async () => {
    for (let at = 0; at < 100; at += 1) {
      const one = connection();
      for (const key of keys) hub.join(one, key);
      hub.leave(one);
      registry.remove(one);
    }
    await new Promise((resolve) => setImmediate(resolve));
    return 100;
  });
}

await (what === 'talk' ? talk() : come());
