import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp } from '../support/app.js';
import { enter, guest, join, type Member } from '../support/people.js';
import type { ConformanceCase, Stage } from './case.js';
import { CLOSES, ENDINGS, PINGS } from './control.cases.js';
import { EARLY } from './early.cases.js';
import { SESSIONS, UPGRADES } from './engine-io.cases.js';
import { CHOPPING, LENGTHS, MASKING, RESERVED, TOO_LONG } from './framing.cases.js';
import { ACCEPTED, REFUSED } from './handshake.cases.js';
import { FRAGMENTS, INTERLEAVED, NOT_TEXT, SPLIT_CHARACTERS } from './messages.cases.js';
import { FLOODS, LINGERING, SLOW } from './pressure.cases.js';
import { CONNECTS, EVENTS } from './socket-io.cases.js';

const GROUPS: Readonly<Record<string, readonly ConformanceCase[]>> = {
  'A handshake is accepted with': ACCEPTED,
  'A handshake is refused with': REFUSED,
  'A handshake is not waited for beyond the time-out: [S25]': SLOW,
  'Before the handshake is answered:': EARLY,
  'A refused client who stays on the line is cut off:': LINGERING,
  'Masking: [S21]': MASKING,
  'Reserved bits and opcodes: [S21]': RESERVED,
  'Lengths:': LENGTHS,
  'Beyond the limit of a frame (1009): [S17]': TOO_LONG,
  'Frames in pieces:': CHOPPING,
  'Fragments:': FRAGMENTS,
  'Within a fragmented message: [S21]': INTERLEAVED,
  'Characters:': SPLIT_CHARACTERS,
  'Not UTF-8 (1007), or not JSON: [S21]': NOT_TEXT,
  'Pings and pongs:': PINGS,
  'Closing:': CLOSES,
  'Endings without a Close:': ENDINGS,
  'Floods:': FLOODS,
  'A session of Engine.IO:': SESSIONS,
  'A session that goes over to a WebSocket': UPGRADES,
  'Socket.IO’s CONNECT:': CONNECTS,
  'Packets of Socket.IO:': EVENTS,
};

let stage: Stage;
let bystander: Member;
let ran = 0;

beforeAll(async () => {
  const place = await startApp({ HANDSHAKE_TIMEOUT: '1' });
  const tokens = await guest(place, 'conformer');
  stage = { place, port: Number(new URL(place.url).port), tokens, said: [] };
  bystander = await enter(place, 'bystander');
  // A connection that stays: whoever plays the cases does not come and go with each of them.
  await join(place, tokens);
});

afterAll(() => {
  process.stdout.write(`conformance: ${ran} cases ran\n`);
});

describe.each(Object.entries(GROUPS))('%s', (_group, cases) => {
  beforeAll(() => {
    stage.said.length = 0;
  });

  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    ran++;
    await one.run(stage);
  });

  it('and meanwhile a bystander hears exactly what was said, in order', async () => {
    const heard = await bystander.socket.take(stage.said.length, {
      type: 2,
      user: stage.tokens.user,
    });
    expect(heard.map((frame) => frame.data)).toEqual(stage.said);
    await bystander.socket.roundTrip();
    expect(bystander.socket.rest().filter((frame) => frame.type === 2 && frame.user)).toEqual([]);
  });
});
