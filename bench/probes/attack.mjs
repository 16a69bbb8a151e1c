// One of the attacks that the service must withstand, for as long as the parent says. It reports
// what it did at the end. Like an attacker, it reads no more than it must.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';

const [kind = '', port = ''] = process.argv.slice(2);
const url = `http://127.0.0.1:${port}`;
/** With more, the parent would have to wait for the rest. */
const MOST_MS = 30_000;

let isOver = false;
const counts = {};
const count = (what) => {
  counts[what] = (counts[what] ?? 0) + 1;
};

async function post(path, body, headers = {}) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

/** An address of its own for each, as far as the service can see. */
const from = (address) => ({ 'x-forwarded-for': address });
const addressOf = (number) => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;

async function guests(howMany) {
  const all = [];
  for (let i = 0; i < howMany; i++) {
    const { body } = await post('/auth/guest', {}, from(addressOf(1_000_000 + i)));
    all.push(body.access_token);
  }
  return all;
}

const ATTACKS = {
  /** Pipelines requests whose answers are never read. */
  pipelining: async () => {
    const requests = 'GET /socket.io/socket.io.js HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2_000);
    await Promise.all(
      [1, 2, 3].map(async () => {
        while (!isOver) {
          const socket = connect({ port: Number(port), host: '127.0.0.1' });
          socket.on('error', () => undefined);
          socket.pause();
          socket.write(requests);
          await delay(1_000);
          socket.destroy();
          count('connections');
        }
      }),
    );
  },

  /** Opens sessions of long polling and abandons them, while somebody writes long texts. */
  polling: async () => {
    const tokens = await guests(10);
    const [author, ...others] = tokens;
    for (const token of others) {
      for (let i = 0; i < 20; i++) {
        const query = 'EIO=4&transport=polling';
        const opened = await fetch(`${url}/socket.io/?${query}`);
        const text = await opened.text();
        count(`opened ${String(opened.status)}`);
        if (!opened.ok) continue;
        const { sid } = JSON.parse(text.slice(1));
        await fetch(`${url}/socket.io/?${query}&sid=${sid}`, {
          method: 'POST',
          body: `40${JSON.stringify({ token })}`,
        });
      }
    }
    const socket = new WebSocket(`ws://127.0.0.1:${port}/chat?token=${author}`);
    await once(socket, 'open');
    socket.on('message', () => undefined);
    while (!isOver) {
      socket.send(JSON.stringify({ type: 2, data: '好'.repeat(4_000) }));
      count('texts');
      await delay(50);
    }
    socket.terminate();
  },

  /** One person asks for the list on twenty sockets, as fast as they take it. */
  lists: async () => {
    const [token] = await guests(1);
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        while (!isOver) {
          const socket = new WebSocket(`ws://127.0.0.1:${port}/chat?token=${token}`);
          const ended = once(socket, 'close').catch(() => undefined);
          socket.on('error', () => undefined);
          socket.on('message', () => count('frames read'));
          await Promise.race([once(socket, 'open').catch(() => undefined), ended]);
          while (!isOver && socket.readyState === WebSocket.OPEN) {
            for (let i = 0; i < 20; i++) socket.send('{"type":1}');
            count('floods of twenty');
            await delay(5);
          }
          socket.terminate();
          count('sockets');
          await delay(100);
        }
      }),
    );
  },

  /** Logs in from ever new addresses, sixty at a time. */
  logins: async () => {
    let next = 0;
    await Promise.all(
      Array.from({ length: 60 }, async (_, lane) => {
        while (!isOver) {
          const body = { username: `stranger-${lane}`, password: 'whatever it may be' };
          const { status } = await post('/auth/login', body, from(addressOf(next++)));
          count(`answered ${status}`);
        }
      }),
    );
  },
};

process.once('message', () => {
  isOver = true;
});
process.once('disconnect', () => process.exit());
setTimeout(() => process.exit(1), MOST_MS).unref();
const attack = ATTACKS[kind];
process.send?.('begun');
await attack?.();
process.send?.(counts);
