import { createServer } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { Server } from 'socket.io';
import { type EngineConnection, engineOf } from './engine-inside.js';
import { proveEngine } from './engine-proof.js';

/** How long to wait before concluding that something will not happen. */
const PATIENCE_MS = 1_000;

/** A server whose sessions are altered as they open. */
function another(change: (session: EngineConnection, server: Server) => void): Server {
  const server = new Server(createServer(), { path: '/socket.io', serveClient: false });
  engineOf(server).on('connection', (session) => {
    change(session, server);
  });
  return server;
}

function set(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}

const transportOf = (session: EngineConnection): object => Reflect.get(session, 'transport');

const OTHERS: readonly [string, () => Server][] = [
  [
    'keeps no table of sessions by id',
    () => another((_session, server) => set(engineOf(server), 'clients', {})),
  ],
  ['names its transports otherwise', () => another((s) => set(transportOf(s), 'name', 'poll'))],
  ['says otherwise that it was upgraded', () => another((s) => set(s, 'upgraded', 'no'))],
  [
    'keeps what waits elsewhere',
    () => another((s) => Object.defineProperty(s, 'writeBuffer', { get: () => [], set: () => 0 })),
  ],
  [
    'does not say whether it may be written to',
    () =>
      another((s) =>
        Object.defineProperty(transportOf(s), 'writable', { get: () => undefined, set: () => 0 }),
      ),
  ],
  [
    'keeps its WebSocket elsewhere',
    () =>
      another((s) => {
        s.on('upgrade', () => set(transportOf(s), 'socket', undefined));
      }),
  ],
  [
    'has pings that cannot be stopped',
    () =>
      another((s) =>
        Object.defineProperty(s, 'pingIntervalTimer', { get: () => undefined, set: () => 0 }),
      ),
  ],
];

describe('The proof of Engine.IO [S54]', () => {
  it('succeeds with the package at hand', async () => {
    expect(await proveEngine()).toBeNull();
  });

  it.each(OTHERS)('fails, and says why, with one that %s', async (_case, make) => {
    expect(await proveEngine(make(), PATIENCE_MS)).toMatch(/\w/);
  });

  it('says what it waits for where nothing comes', async () => {
    const server = another((session) => set(session, 'flush', () => undefined));
    expect(await proveEngine(server, 100)).toMatch(/^nothing comes after: \w/);
  });
});
