import { expect } from '@jest/globals';
import { Wire } from '../api/socket-io/by-hand.js';
import { type ConformanceCase, remark, type Stage } from './case.js';

/** A WebSocket whose client is connected and welcomed. */
async function arrive({ place, tokens }: Stage): Promise<Wire> {
  const wire = await Wire.open(place.url);
  wire.raw.send(`40${JSON.stringify({ token: tokens.access_token })}`);
  await wire.packet((packet) => packet.startsWith('42["2"'));
  return wire;
}

/** @param answer the beginning of a packet that must come; the session must go on */
function answered(
  name: string,
  packets: readonly (string | Buffer)[],
  answer: string,
): ConformanceCase {
  return {
    name,
    run: async (stage) => {
      const wire = await arrive(stage);
      for (const packet of packets) wire.raw.send(packet);
      await wire.packet((packet) => packet.startsWith(answer));
      wire.raw.send('42999["77",{}]');
      await wire.packet((packet) => packet.startsWith('43999[{"code":"unknown-type"'));
      const refused = wire.packets.filter((packet) => /^4(?:2\["7"|3)/.test(packet));
      expect(refused).toHaveLength(2);
      wire.raw.close();
    },
  };
}

function ends(name: string, ...packets: readonly string[]): ConformanceCase {
  return {
    name,
    run: async ({ place }) => {
      const wire = await Wire.open(place.url);
      for (const packet of packets) wire.raw.send(packet);
      await wire.closed();
      expect(wire.packets.some((packet) => packet.startsWith('42["2"'))).toBe(false);
    },
  };
}

const PLACEHOLDER = '{"_placeholder":true,"num":0}';

/** CONNECT and DISCONNECT of Socket.IO's protocol 5. */
export const CONNECTS: readonly ConformanceCase[] = [
  {
    name: 'a CONNECT is answered with the ids of the client, and then comes the welcome',
    run: async (stage) => {
      const wire = await arrive(stage);
      const [, connected = '', ...events] = wire.packets;
      expect(JSON.parse(connected.slice(2))).toEqual({
        sid: expect.stringMatching(/^[\w-]{20}$/),
        pid: expect.any(String),
      });
      expect(events[0]?.startsWith('42["2",{"user":null')).toBe(true);
      wire.raw.close();
    },
  },
  {
    name: 'a DISCONNECT ends the session',
    run: async (stage) => {
      const wire = await arrive(stage);
      wire.raw.send('41');
      await wire.closed();
    },
  },
  ...['/custom', '/custom,', '/custom,{"token":"abc"}', '/a/b.c,'].map((namespace) => ({
    name: `a CONNECT to ${namespace} is refused, and so the client stays away`,
    run: async (stage: Stage) => {
      const wire = await Wire.open(stage.place.url);
      wire.raw.send(`40${namespace}`);
      const name = namespace.split(',', 1).join('');
      const error = await wire.packet((packet) => packet.startsWith(`44${name},`));
      expect(error).toContain('"message":"Invalid namespace"');
      await wire.packet((packet) => packet === `41${name},`);
      wire.raw.close();
    },
  })),
  ends('no CONNECT at all ends it'),
  ends('anything else before the CONNECT ends it', '42["1",{}]'),
  ends('a CONNECT with a list ends it', '40[]'),
  ends('a CONNECT with a text ends it', '40"token"'),
  ends('a CONNECT with half of a payload ends it', '40{"token":'),
  ends('an unknown kind of packet ends it', '4abc'),
];

/** EVENT, ACK and their binary kinds. */
export const EVENTS: readonly ConformanceCase[] = [
  {
    name: 'an event is said',
    run: async (stage) => {
      const wire = await arrive(stage);
      const { said } = remark();
      wire.raw.send(`42456["2",${JSON.stringify({ data: said })}]`);
      const answer = await wire.packet((packet) => packet.startsWith('43456['));
      expect(JSON.parse(answer.slice(5))).toEqual([
        { id: expect.any(String), seq: expect.any(Number), time: expect.any(Number) },
      ]);
      stage.said.push(said);
      wire.raw.close();
    },
  },
  answered('a number of a callback that is none', ['42abc["2",{}]'], '42["7",{"code":"bad-json"'),
  answered('a payload that is no list', ['42{}'], '42["7",{"code":"bad-json"'),
  answered('an event without a name', ['421[]'], '431[{"code":"unknown-type"'),
  answered('an answer that nobody asked for', ['431[]'], '42["7",{"code":"bad-json"'),
  answered('an event in another namespace', ['42/x,["2",{}]'], '42["7",{"code":"bad-json"'),
  answered('an unknown kind of packet', ['4abc'], '42["7",{"code":"bad-json"'),
  answered(
    'a binary event with its attachments',
    [`452-["2",${PLACEHOLDER},${PLACEHOLDER}]`, Buffer.from([1, 2]), Buffer.from([3])],
    '42["7",{"code":"not-text"',
  ),
  answered(
    'a binary event with a callback',
    [`451-789["2",${PLACEHOLDER}]`, Buffer.from([1, 2, 3])],
    '43789[{"code":"not-text"',
  ),
  answered('a binary answer', ['461-789[]', Buffer.from([1])], '42["7",{"code":"not-text"'),
  answered('bytes that belong to nothing', [Buffer.from([1])], '42["7",{"code":"not-text"'),
];
