// Asks for a private room from outside and for one that there is not, in turns, over REST and by frames, and
// compares the times; with DATABASE_URL and REDIS_URL on those, which should hold nothing:
//   npm run build && node bench/probes/outside.mjs [rounds]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';

const ROUNDS = Number(process.argv[2] ?? 2_000);
const WARM_UP = 200;
const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const LIFTED = [
  ...['CONNECT_RATE', 'LOGIN_RATE', 'COMMAND_RATE', 'PUBLIC_RATE', 'MESSAGE_RATE', 'HISTORY_RATE'],
  'MAX_HTTP_CONNECTIONS_PER_ADDRESS',
];
const CALLS = [
  ['GET /rooms/NAME'],
  ['PUT /rooms/NAME/members/me'],
  ['GET /rooms/NAME/messages'],
  ['POST /rooms/NAME/messages', { data: 'hello' }],
  ['PUT /rooms/NAME/read', { seq: 1 }],
];

const FRAMES = [
  ['list', { type: 1 }],
  ['message', { type: 2, data: 'hello' }],
  ['read', { type: 11, seq: 1 }],
  ['edit', { type: 12, target: 1, data: 'hello' }],
  ['delete', { type: 13, target: 1 }],
  ['react', { type: 14, target: 1, data: '👍' }],
  ['join', { type: 15 }],
  ['part', { type: 16 }],
  ['pin', { type: 17, target: 1, data: true }],
  ['sync', { type: 8 }],
];

const folder = mkdtempSync(join(tmpdir(), 'parley-outside-'));
const service = spawn(process.execPath, [MAIN], {
  env: {
    ...{ NODE_ENV: 'test', HOST: '127.0.0.1', PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'warn' },
    ...(process.env.DATABASE_URL && { DATABASE_URL: process.env.DATABASE_URL }),
    ...(process.env.REDIS_URL && { REDIS_URL: process.env.REDIS_URL }),
    JWT_SECRET: 'only for as long as the measurement takes',
    ...Object.fromEntries(LIFTED.map((name) => [name, '0'])),
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((resolve) => {
  createInterface(service.stdout).on('line', (line) => {
    const found = /ready at (http:\S+)/.exec(line);
    if (found) resolve(found[1]);
  });
});

try {
  const [owner, stranger] = [await guest(), await guest()];
  await call(owner, 'POST /rooms', { name: 'secret', kind: 'private', history: 'all' });
  for (let n = 0; n < 100; n++) await call(owner, 'POST /rooms/secret/messages', { data: 'x' });
  for (const [what, body] of CALLS) {
    await compare(what, async (name) => {
      const { status } = await call(stranger, what.replace('NAME', name), body);
      if (status !== 403) throw new Error(`${what} answered ${status}`);
    });
  }
  const socket = await connect(stranger);
  for (const [what, frame] of FRAMES) {
    await compare(`frame: ${what}`, async (room) => {
      const { type, code } = await socket.ask(frame.type === 8 ? syncOf(room) : { ...frame, room });
      if (type !== 7 || code !== 'not-a-member')
        throw new Error(`${what} answered ${type} ${code}`);
    });
  }
  socket.close();
} finally {
  service.kill();
  await new Promise((resolve) => service.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
}

async function compare(what, ask) {
  const times = { secret: [], sacred: [] };
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    // Whoever is asked for first differs from round to round.
    const names = round % 2 === 0 ? ['secret', 'sacred'] : ['sacred', 'secret'];
    for (const name of names) {
      const began = performance.now();
      await ask(name);
      if (round >= 0) times[name].push((performance.now() - began) * 1_000);
    }
  }
  const figures = Object.entries(times).map(([name, all]) => `${name} ${spread(all)}`);
  console.log(`${what.padEnd(28)} ${figures.join('   ')}`);
}

function syncOf(room) {
  return { type: 8, data: { [room]: 0 } };
}

/** One question at a time. */
async function connect(token) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/chat?token=${token}`);
  await new Promise((resolve) => socket.once('open', resolve));
  const waiting = new Map();
  socket.on('message', (data) => {
    for (const frame of [JSON.parse(data)].flat()) waiting.get(frame.ref)?.(frame);
  });
  let count = 0;
  return {
    ask: (frame) =>
      new Promise((resolve) => {
        const ref = `r${++count}`;
        waiting.set(ref, (answer) => {
          waiting.delete(ref);
          resolve(answer);
        });
        socket.send(JSON.stringify({ ...frame, ref }));
      }),
    close: () => socket.close(),
  };
}

/** Median, and the middle half, in microseconds. */
function spread(all) {
  const sorted = all.toSorted((one, other) => one - other);
  const at = (share) => sorted[Math.floor(sorted.length * share)].toFixed(0);
  return `${at(0.5)} µs (${at(0.25)} to ${at(0.75)})`;
}

async function guest() {
  const { body } = await call(null, 'POST /auth/guest', {});
  return body.access_token;
}

async function call(token, what, body) {
  const [method, path] = what.split(' ');
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}
