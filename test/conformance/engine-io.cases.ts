import { expect } from '@jest/globals';
import { bounded } from '../support/bounded.js';
import { Poll, POLLING, Wire } from '../api/socket-io/by-hand.js';
import { type ConformanceCase, remark, type Stage } from './case.js';

const SEPARATOR = '\u001e';
const CLOSE = '1';
const NOOP = '6';

/** What a session is told of when it begins; times in milliseconds. */
function expectOpening(text: string, upgrades: readonly string[]): void {
  expect(text.charAt(0)).toBe('0');
  expect(JSON.parse(text.slice(1))).toEqual({
    sid: expect.stringMatching(/^[\w-]{16,}$/),
    upgrades,
    pingInterval: 25_000,
    pingTimeout: 25_000,
    maxPayload: 65_536,
  });
}

function connectPacket({ tokens }: Stage): string {
  return `40${JSON.stringify({ token: tokens.access_token })}`;
}

/** A session of long polling whose client is welcomed. */
async function arrive(stage: Stage): Promise<Poll> {
  const session = await Poll.open(stage.place.url);
  await session.send(connectPacket(stage));
  await session.until('42["2"');
  return session;
}

async function expectGone(session: Poll): Promise<void> {
  expect((await session.poll()).status).toBe(400);
}

/** The session goes over to a WebSocket as far as the probe, which is answered. */
async function probe(stage: Stage, session: Poll): Promise<Wire> {
  const wire = await Wire.open(stage.place.url, session.sid);
  wire.raw.send('2probe');
  expect(await wire.packet(() => true)).toBe('3probe');
  return wire;
}

/** Sessions of Engine.IO 4, whatever is said in them. */
export const SESSIONS: readonly ConformanceCase[] = [
  {
    name: 'long polling begins with an open packet that offers the WebSocket',
    run: async ({ place }) => {
      const response = await fetch(place.url + POLLING);
      expect([response.status, response.headers.get('content-type')]).toEqual([
        200,
        'text/plain; charset=UTF-8',
      ]);
      expectOpening(await response.text(), ['websocket']);
    },
  },
  {
    name: 'a WebSocket begins with an open packet that offers nothing',
    run: async ({ place }) => {
      const wire = await Wire.open(place.url);
      expectOpening(await wire.packet(() => true), []);
      wire.raw.close();
    },
  },
  {
    name: 'several packets in one request are taken in order',
    run: async (stage) => {
      const session = await arrive(stage);
      const remarks = [remark(), remark('又一句'), remark()];
      const packets = remarks.map(({ said }) => `42["2",${JSON.stringify({ data: said })}]`);
      const response = await session.send(packets.join(SEPARATOR));
      expect([response.status, await response.text()]).toEqual([200, 'ok']);
      stage.said.push(...remarks.map(({ said }) => said));
      await session.send('41');
    },
  },
  {
    name: 'answers come in order, whatever polls bring them',
    run: async (stage) => {
      const session = await arrive(stage);
      const asked = ['421["77",{}]', '422["77",{}]', '423["77",{}]'];
      await session.send(asked.join(SEPARATOR));
      let text = '';
      while (!text.includes('433[')) text += SEPARATOR + (await session.poll()).text;
      const answers = text.split(SEPARATOR).filter((packet) => packet.startsWith('43'));
      expect(answers.map((packet) => packet.slice(0, 4))).toEqual(['431[', '432[', '433[']);
      await session.send('41');
    },
  },
  {
    name: 'two polls at once end it: the first is told so, the second is refused',
    run: async (stage) => {
      const session = await arrive(stage);
      const [first, second] = await Promise.all([session.poll(), session.poll()]);
      expect([first, second].map(({ status }) => status).sort()).toEqual([200, 400]);
      expect(first.status === 200 ? first.text : second.text).toBe(CLOSE);
      await expectGone(session);
    },
  },
  {
    name: 'a close packet ends it, and the poll that waits',
    run: async (stage) => {
      const session = await arrive(stage);
      const [poll] = await Promise.all([session.poll(), session.send(CLOSE)]);
      expect([poll.status, poll.text]).toEqual([200, NOOP]);
      await expectGone(session);
    },
  },
  ...['', 'abc', SEPARATOR, '2', '9'].map((body) => ({
    name: `the body ${JSON.stringify(body)} is no packet of a client, and ends it`,
    run: async (stage: Stage) => {
      const session = await Poll.open(stage.place.url);
      await session.send(body);
      await expectGone(session);
    },
  })),
  {
    name: 'a body of bytes ends it',
    run: async (stage) => {
      const session = await Poll.open(stage.place.url);
      const headers = { 'content-type': 'application/octet-stream' };
      expect((await session.send('40', headers)).status).toBe(400);
      await expectGone(session);
    },
  },
  {
    name: 'no packet on a WebSocket ends it',
    run: async ({ place }) => {
      const wire = await Wire.open(place.url);
      wire.raw.send('abc');
      await wire.closed();
    },
  },
];

/** From long polling to a WebSocket. */
export const UPGRADES: readonly ConformanceCase[] = [
  {
    name: 'goes on over the WebSocket, after the poll that waits was answered with nothing',
    run: async (stage) => {
      const session = await arrive(stage);
      const poll = session.poll();
      const wire = await probe(stage, session);
      expect((await bounded(poll, 'the end of the poll', () => '')).text).toBe(NOOP);
      wire.raw.send('5');
      wire.raw.send('42456["77",{}]');
      await wire.packet((packet) => packet.startsWith('43456['));
      await expectGone(session);
      wire.raw.close();
    },
  },
  {
    name: 'brings over what waited for a poll',
    run: async (stage) => {
      const session = await arrive(stage);
      const wire = await probe(stage, session);
      await session.send('42456["77",{}]');
      wire.raw.send('5');
      await wire.packet((packet) => packet.startsWith('43456['));
      wire.raw.close();
    },
  },
  {
    name: 'is one: a second WebSocket is refused before and after',
    run: async (stage) => {
      const session = await arrive(stage);
      const wire = await probe(stage, session);
      await expect(Wire.open(stage.place.url, session.sid)).rejects.toThrow('400');
      wire.raw.send('5');
      wire.raw.send('42456["77",{}]');
      await wire.packet((packet) => packet.startsWith('43456['));
      await expect(Wire.open(stage.place.url, session.sid)).rejects.toThrow('400');
      wire.raw.close();
    },
  },
  {
    name: 'that begins with anything but a probe leaves the session where it is',
    run: async (stage) => {
      const session = await arrive(stage);
      const wire = await Wire.open(stage.place.url, session.sid);
      wire.raw.send('42["2",{"data":"never said"}]');
      await wire.closed();
      await session.send('42456["77",{}]');
      await session.until('43456[');
      await session.send('41');
    },
  },
];
