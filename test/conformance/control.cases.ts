import { expect } from '@jest/globals';
import {
  accepted,
  type ConformanceCase,
  exchange,
  nextAnswer,
  remark,
  type Stage,
  violation,
} from './case.js';
import { close, closePayload, frame, Opcode, ping, text } from './frames.js';
import { enterByHand } from './handshake.js';
import { Wire } from './wire.js';

const LONGEST = Buffer.alloc(125, 'x');
const TOO_LONG = Buffer.alloc(126, 'x');
const NOT_UTF8 = Buffer.from('fffe80', 'hex');

const VALID_CODES = [
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014],
  ...[3000, 3999, 4000, 4401, 4999],
];
const INVALID_CODES = [
  ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999],
  ...[5000, 10_000, 32_768, 65_535],
];

function pong(payload: Buffer | string): string {
  return `pong ${Buffer.from(payload).toString('hex')}`.trim();
}

function echoed(name: string, payload: Buffer): ConformanceCase {
  return exchange(name, { send: [ping(payload)], answers: [pong(payload)] });
}

export const PINGS: readonly ConformanceCase[] = [
  echoed('an empty ping', Buffer.alloc(0)),
  echoed('a ping of one byte', Buffer.from([0])),
  echoed('a ping of text', Buffer.from('张')),
  echoed('a ping of bytes that are no UTF-8', NOT_UTF8),
  echoed('a ping of 125 bytes', LONGEST),
  exchange('ten pings in one segment', {
    send: [Buffer.concat(Array.from({ length: 10 }, (_, at) => ping(`${at}`)))],
    answers: Array.from({ length: 10 }, (_, at) => pong(`${at}`)),
  }),
  exchange('a ping with the mask 0', {
    send: [frame({ opcode: Opcode.Ping, payload: 'x', mask: Buffer.alloc(4) })],
    answers: [pong('x')],
  }),
  accepted('a pong that nobody asked for', (json) => [
    frame({ opcode: Opcode.Pong, payload: 'surprise' }),
    text(json),
  ]),
  accepted('a hundred pongs that nobody asked for', (json) => [
    Buffer.concat(Array.from({ length: 100 }, () => frame({ opcode: Opcode.Pong }))),
    text(json),
  ]),
  ...[Opcode.Ping, Opcode.Pong, Opcode.Close].flatMap((opcode) => [
    violation(`opcode ${opcode} of 126 bytes`, 1002, frame({ opcode, payload: TOO_LONG })),
    violation(
      `opcode ${opcode} with its length in 16 bits`,
      1002,
      frame({ opcode, payload: 'xx', form: 16 }),
    ),
    violation(
      `opcode ${opcode} with its length in 64 bits`,
      1002,
      frame({ opcode, payload: 'xx', form: 64 }),
    ),
  ]),
  violation(
    'a ping that claims 65,537 bytes',
    1002,
    frame({ opcode: Opcode.Ping, claims: 65_537n, form: 64 }),
  ),
];

export const CLOSES: readonly ConformanceCase[] = [
  exchange('a close without a code', {
    send: [frame({ opcode: Opcode.Close })],
    answers: ['close'],
  }),
  violation('a close of one byte', 1002, frame({ opcode: Opcode.Close, payload: '\u0003' })),
  ...VALID_CODES.map((code) =>
    exchange(`the code ${code}`, { send: [close(code)], answers: [`close ${code}`] }),
  ),
  ...INVALID_CODES.map((code) => violation(`the code ${code}`, 1002, close(code))),
  exchange('a reason', { send: [close(1000, '再见 bye')], answers: ['close 1000'] }),
  exchange('a reason of 123 bytes', {
    send: [close(1000, 'x'.repeat(123))],
    answers: ['close 1000'],
  }),
  violation('a reason of 124 bytes', 1002, close(1000, 'x'.repeat(124))),
  violation('a reason that is not UTF-8', 1007, close(1000, NOT_UTF8)),
  violation('a reason that ends in a character', 1007, close(1000, Buffer.from('78e5bc', 'hex'))),
  violation('a reason with a surrogate', 1007, close(1000, Buffer.from('eda080', 'hex'))),
  violation('an invalid code with an invalid reason', 1002, close(1005, NOT_UTF8)),
  violation(
    'a close in a fragment',
    1002,
    frame({ opcode: 8, fin: false, payload: closePayload(1000) }),
  ),
  exchange('a text behind the close, in the same segment', {
    send: [Buffer.concat([close(1000), text(remark().json)])],
    answers: ['close 1000'],
  }),
  exchange('a text behind the close, in the next segment', {
    send: [close(1000), text(remark().json)],
    answers: ['close 1000'],
  }),
  exchange('a ping behind the close', {
    send: [Buffer.concat([close(1000), ping('late')])],
    answers: ['close 1000'],
  }),
  exchange('a second close', {
    send: [Buffer.concat([close(1000), close(1001)])],
    answers: ['close 1000'],
  }),
  exchange('a broken frame behind the close', {
    send: [Buffer.concat([close(1000), frame({ opcode: 3 })])],
    answers: ['close 1000'],
  }),
  violation('a text behind a violation', 1002, frame({ opcode: 3 }), text(remark().json)),
];

/** A case that is played by hand after the welcome. */
function byHand(name: string, play: (wire: Wire, stage: Stage) => Promise<void>): ConformanceCase {
  return {
    name,
    run: async (stage) => {
      const wire = new Wire(stage.port);
      await enterByHand(wire, stage.tokens.access_token);
      await play(wire, stage);
      wire.destroy();
    },
  };
}

export const ENDINGS: readonly ConformanceCase[] = [
  byHand('half-closed by the client', async (wire) => {
    wire.end();
    expect(await wire.ended()).toBe('ended');
  }),
  byHand('half-closed behind a remark, which is heard all the same', async (wire, stage) => {
    const { said, json } = remark();
    wire.write(text(json));
    wire.end();
    expect(await wire.ended()).toBe('ended');
    stage.said.push(said);
  }),
  byHand('half-closed in the middle of a frame', async (wire) => {
    wire.write(text(remark().json).subarray(0, 20));
    wire.end();
    expect(await wire.ended()).toBe('ended');
  }),
  byHand('half-closed in the middle of a message', async (wire) => {
    wire.write(frame({ opcode: Opcode.Text, fin: false, payload: '{"type":1' }));
    wire.end();
    expect(await wire.ended()).toBe('ended');
  }),
  byHand('reset in the middle of a frame', async (wire) => {
    wire.write(text(remark().json).subarray(0, 20));
    await wire.flushed();
    wire.reset();
  }),
  byHand('a close that the client does not answer is followed by the end', async (wire) => {
    wire.write(frame({ opcode: 3 }));
    expect(await nextAnswer(wire)).toBe('close 1002');
    expect(await wire.ended()).toBe('ended');
  }),
];
