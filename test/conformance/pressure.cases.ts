import { expect } from '@jest/globals';
import { ConnectionRegistry } from '../../src/gateway/connections/connection-registry.js';
import { type ConformanceCase, leave, nextAnswer, remark, type Stage } from './case.js';
import { close, ping, text } from './frames.js';
import { enterByHand, requestText, type UpgradeRequest, upgradeRequest } from './handshake.js';
import { Wire } from './wire.js';

/** Fewer than may wait for an answer, so that it is the unread pongs that count. */
const PINGS_AT_ONCE = 50;
/** Far more pongs than the kernel's buffers between two sockets can hold. */
const MOST_PINGS = 400_000;
const MOST_FAULTS = 200;

/** Says one line after the other until it is cut off. */
async function trickle(wire: Wire, line: string): Promise<'ended' | 'reset'> {
  const timer = setInterval(() => wire.write(line), 100);
  try {
    return await wire.ended();
  } finally {
    clearInterval(timer);
  }
}

/** A request that stops somewhere. */
function stalled(name: string, start: (request: string) => string): ConformanceCase {
  return {
    name,
    run: async ({ port, tokens }) => {
      const wire = new Wire(port);
      wire.write(start(requestText(upgradeRequest(tokens.access_token))));
      await wire.ended();
      wire.destroy();
    },
  };
}

/** Run with a short HANDSHAKE_TIMEOUT. */
export const SLOW: readonly ConformanceCase[] = [
  stalled('nothing at all', () => ''),
  stalled('one byte', () => 'G'),
  stalled('half a request line', () => 'GET /chat'),
  stalled('a request without its last byte', (request) => request.slice(0, -1)),
  {
    name: 'a header line ten times a second, without an end',
    run: async ({ port, tokens }) => {
      const wire = new Wire(port);
      wire.write(requestText(upgradeRequest(tokens.access_token)).slice(0, -2));
      await trickle(wire, 'X-Slow: yes\r\n');
      wire.destroy();
    },
  },
];

/** Somebody who is refused, and who stays on the line. */
function lingering(
  name: string,
  change: (request: UpgradeRequest) => UpgradeRequest,
): ConformanceCase {
  return {
    name,
    run: async ({ port, tokens }) => {
      const wire = new Wire(port);
      wire.write(requestText(change(upgradeRequest(tokens.access_token))));
      expect((await wire.head()).status).toBeGreaterThanOrEqual(400);
      await wire.rest();
      await expectGone(wire);
    },
  };
}

/** The service has let go of the socket: what is still sent to it is answered with a reset. */
async function expectGone(wire: Wire): Promise<void> {
  const timer = setInterval(() => wire.write('x'), 50);
  try {
    await wire.gone();
  } finally {
    clearInterval(timer);
  }
}

export const LINGERING: readonly ConformanceCase[] = [
  lingering('of an unknown path', (request) => ({ ...request, target: '/nowhere' })),
  lingering('of a foreign origin', (request) => ({
    ...request,
    headers: [...request.headers, ['Origin', 'https://evil.example']],
  })),
  lingering('of a broken handshake', (request) => ({
    ...request,
    headers: request.headers.filter(([name]) => name !== 'Sec-WebSocket-Key'),
  })),
];

export const FLOODS: readonly ConformanceCase[] = [
  {
    name: 'pings whose pongs nobody reads end the connection [S20]',
    run: async ({ port, tokens }) => {
      const wire = new Wire(port);
      await enterByHand(wire, tokens.access_token);
      wire.pause();
      const burst = Buffer.concat(
        Array.from({ length: PINGS_AT_ONCE }, () => ping(Buffer.alloc(125, 'p'))),
      );
      let sent = 0;
      while (sent < MOST_PINGS && !wire.isGone) {
        wire.write(burst);
        await wire.flushed();
        sent += PINGS_AT_ONCE;
      }
      wire.resume();
      expect(sent).toBeLessThan(MOST_PINGS);
      await wire.gone();
    },
  },
  {
    name: 'pings whose pongs are read are answered, every one',
    run: async ({ port, tokens }) => {
      const wire = new Wire(port);
      await enterByHand(wire, tokens.access_token);
      const pings = Array.from({ length: 500 }, (_, at) => ping(String(at)));
      for (let at = 0; at < pings.length; at += 50) {
        wire.write(Buffer.concat(pings.slice(at, at + 50)));
        for (let i = at; i < at + 50; i++) {
          expect(await nextAnswer(wire)).toBe(`pong ${Buffer.from(String(i)).toString('hex')}`);
        }
      }
      await leave(wire);
    },
  },
  {
    name: 'one refused frame after the other ends the connection with 1008 [S24]',
    run: async ({ port, tokens }) => {
      const wire = new Wire(port);
      await enterByHand(wire, tokens.access_token);
      wire.write(Buffer.concat(Array.from({ length: MOST_FAULTS }, () => text('nonsense'))));
      const answers: string[] = [];
      while (answers.at(-1) !== 'close 1008') answers.push(await nextAnswer(wire));
      expect(new Set(answers.slice(0, -1))).toEqual(new Set(['reject bad-json']));
      wire.end();
    },
  },
  {
    name: 'nothing follows the Close, even where the client reads late',
    run: async (stage) => {
      const { port, tokens } = stage;
      const speaker = new Wire(port);
      await enterByHand(speaker, tokens.access_token);
      const wire = new Wire(port);
      await enterByHand(wire, tokens.access_token);
      wire.pause();
      while (queuedBytes(stage) === 0) await say(speaker, stage, 20);
      wire.write(close(1000));
      await say(speaker, stage, 1);
      wire.resume();
      while ((await nextAnswer(wire)) !== 'close 1000');
      expect(await wire.ended()).toBe('ended');
      wire.end();
      await leave(speaker);
    },
  },
];

/** What waits in the service for connections of the person who plays the cases. */
function queuedBytes({ place, tokens }: Stage): number {
  const connections = place.app.get(ConnectionRegistry).ofPerson(tokens.user.id);
  return connections.reduce((sum, { channel }) => sum + channel.queuedBytes, 0);
}

/** Says so many long remarks, and returns when they have gone out to everybody. */
async function say(speaker: Wire, { said }: Stage, count: number): Promise<void> {
  const remarks = Array.from({ length: count }, () => remark('𝄞'.repeat(3_900)));
  for (const { json } of remarks) speaker.write(text(json));
  for (const { ref } of remarks) expect(await nextAnswer(speaker)).toBe(`ack ${ref}`);
  said.push(...remarks.map((one) => one.said));
  // Answers of its own come behind what the room was told before.
  const { ref } = remark();
  speaker.write(text(JSON.stringify({ type: 1, ref })));
  expect(await nextAnswer(speaker)).toBe(`list ${ref}`);
}
