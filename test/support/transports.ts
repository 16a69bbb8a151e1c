import { describe } from '@jest/globals';
import { type NewDatabase, onEachEngine } from './engines.js';
import { by, type Clients, clientsBy, joinNatively } from './ways-in.js';

/** Runs the same tests once per transport: what clients see must not depend on it. */
export function onEachTransport(tests: (clients: Clients) => void): void {
  natively(tests);
  bySocketIo(tests);
  describe('by Socket.IO over long polling', () => tests(clientsBy(false, by('polling'))));
}

/**
 * Runs the same tests once per transport, and once per engine. They are independent, so the other
 * engine is tested with one transport only.
 */
export function onEachEngineAndTransport(
  tests: (newDatabase: NewDatabase, clients: Clients) => void,
): void {
  onEachEngine((newDatabase, { isDefault }) => {
    const once = isDefault ? onEachTransport : natively;
    once((clients) => tests(newDatabase, clients));
  });
}

/**
 * Runs the same tests once per engine, each with a wire format of its own: for what has many tests
 * that each start a service. That a frame comes by long polling as by a WebSocket, whatever it
 * says, is shown by the tests that are run on all transports (test/api/socket-io/equivalence.spec.ts).
 */
export function onEachEngineAndFormat(
  tests: (newDatabase: NewDatabase, clients: Clients) => void,
): void {
  onEachEngine((newDatabase, { isDefault }) => {
    const once = isDefault ? natively : bySocketIo;
    once((clients) => tests(newDatabase, clients));
  });
}

function bySocketIo(tests: (clients: Clients) => void): void {
  describe('by Socket.IO over a WebSocket', () => tests(clientsBy(false, by('websocket'))));
}

function natively(tests: (clients: Clients) => void): void {
  describe('by a native WebSocket', () => tests(clientsBy(true, joinNatively)));
}
