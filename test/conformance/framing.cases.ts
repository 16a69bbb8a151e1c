import { accepted, type ConformanceCase, exchange, remark, violation } from './case.js';
import { chopped, close, closePayload, frame, type LengthForm, Opcode, text } from './frames.js';

const LIMIT = 65_536;
const RESERVED_OPCODES = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];
const RESERVED_BITS = [1, 2, 3, 4, 5, 6, 7];

/** Blanks behind a JSON document change nothing about it. */
function padded(json: Buffer, length: number): Buffer {
  return Buffer.concat([json, Buffer.alloc(Math.max(0, length - json.length), ' ')]);
}

/** In as many pieces as there are cuts, and one more. */
function cut(bytes: Buffer, ...cuts: readonly number[]): readonly Buffer[] {
  return [0, ...cuts].map((from, at) => bytes.subarray(from, cuts[at]));
}

function claiming(claims: bigint, form: LengthForm, opcode: number = Opcode.Text): Buffer {
  return frame({ opcode, claims, form });
}

export const MASKING: readonly ConformanceCase[] = [
  ...Object.entries(Opcode).map(([name, opcode]) =>
    violation(
      `an unmasked ${name} frame`,
      1002,
      frame({ opcode, mask: null, payload: opcode === Opcode.Close ? closePayload(1000) : 'x' }),
    ),
  ),
  violation('an unmasked empty frame', 1002, frame({ opcode: Opcode.Text, mask: null })),
  violation(
    'an unmasked frame behind a masked one',
    1002,
    frame({ opcode: Opcode.Pong }),
    frame({ opcode: Opcode.Text, mask: null, payload: '{"type":1}' }),
  ),
  ...['00000000', 'ffffffff', '00000001', '80000000', '7b7d2200'].map((mask) =>
    accepted(`the mask ${mask}`, (payload) => [
      frame({ opcode: Opcode.Text, payload, mask: Buffer.from(mask, 'hex') }),
    ]),
  ),
];

export const RESERVED: readonly ConformanceCase[] = [
  ...RESERVED_BITS.map((rsv) =>
    violation(`the reserved bits ${rsv}`, 1002, frame({ opcode: Opcode.Text, rsv, payload: '{}' })),
  ),
  ...[Opcode.Ping, Opcode.Pong, Opcode.Close, Opcode.Binary].map((opcode) =>
    violation(`a reserved bit on opcode ${opcode}`, 1002, frame({ opcode, rsv: 4 })),
  ),
  violation(
    'a reserved bit on a continuation',
    1002,
    frame({ opcode: Opcode.Text, fin: false, payload: '{' }),
    frame({ opcode: Opcode.Continuation, rsv: 4, payload: '}' }),
  ),
  ...RESERVED_OPCODES.map((opcode) =>
    violation(`the reserved opcode ${opcode}`, 1002, frame({ opcode, payload: 'x' })),
  ),
  violation('a reserved opcode of no length', 1002, frame({ opcode: 3 })),
  violation('a reserved opcode in a fragment', 1002, frame({ opcode: 5, fin: false })),
  violation(
    'a reserved opcode inside a fragmented message',
    1002,
    frame({ opcode: Opcode.Text, fin: false, payload: '{' }),
    frame({ opcode: 11 }),
  ),
];

export const LENGTHS: readonly ConformanceCase[] = [
  exchange('a text of 0 bytes', { send: [text('')], answers: ['reject bad-json'] }),
  exchange('a text of 1 byte', { send: [text('7')], answers: ['reject bad-json'] }),
  ...[125, 126, 127, 128, 255, 256, 32_768, LIMIT - 1, LIMIT].map((length) =>
    accepted(`a text of ${length} bytes`, (json) => [text(padded(json, length))]),
  ),
  accepted('a short length in 16 bits', (payload) => [
    frame({ opcode: Opcode.Text, payload, form: 16 }),
  ]),
  accepted('a short length in 64 bits', (payload) => [
    frame({ opcode: Opcode.Text, payload, form: 64 }),
  ]),
  accepted('a medium length in 64 bits', (json) => [
    frame({ opcode: Opcode.Text, payload: padded(json, 300), form: 64 }),
  ]),
  exchange('a length of 0 in 64 bits', {
    send: [frame({ opcode: Opcode.Text, form: 64 })],
    answers: ['reject bad-json'],
  }),
  exchange('a binary frame', {
    send: [frame({ opcode: Opcode.Binary, payload: '{"type":1}' })],
    answers: ['reject not-text'],
  }),
  exchange('an empty binary frame', {
    send: [frame({ opcode: Opcode.Binary })],
    answers: ['reject not-text'],
  }),
  exchange('a binary frame that is no UTF-8', {
    send: [frame({ opcode: Opcode.Binary, payload: Buffer.from('c328', 'hex') })],
    answers: ['reject not-text'],
  }),
];

/** The verdict must not wait for the payload. */
export const TOO_LONG: readonly ConformanceCase[] = [
  violation('a whole text of one byte too many', 1009, text(Buffer.alloc(LIMIT + 1, ' '))),
  violation('a text that claims a byte too many', 1009, claiming(BigInt(LIMIT + 1), 64)),
  violation('a binary that claims as much', 1009, claiming(BigInt(LIMIT + 1), 64, Opcode.Binary)),
  ...[32n, 53n, 62n].flatMap((power) => [
    violation(`a length of 2^${power} - 1`, 1009, claiming(2n ** power - 1n, 64)),
    violation(`a length of 2^${power}`, 1009, claiming(2n ** power, 64)),
  ]),
  violation('a length of 2^63 - 1', 1009, claiming(2n ** 63n - 1n, 64)),
  violation('a length with the highest bit', 1009, claiming(2n ** 63n, 64)),
  violation('a length of 2^64 - 1', 1009, claiming(2n ** 64n - 1n, 64)),
  violation(
    'a message of fragments that are together too long',
    1009,
    frame({ opcode: Opcode.Text, fin: false, payload: Buffer.alloc(LIMIT / 2, ' ') }),
    frame({ opcode: Opcode.Continuation, payload: Buffer.alloc(LIMIT / 2 + 1, ' ') }),
  ),
  violation(
    'a continuation that claims too much',
    1009,
    frame({ opcode: Opcode.Text, fin: false, payload: '{' }),
    claiming(BigInt(LIMIT), 64, Opcode.Continuation),
  ),
  accepted('fragments that are together as long as may be', (json) => {
    const whole = padded(json, LIMIT);
    return [
      frame({ opcode: Opcode.Text, fin: false, payload: whole.subarray(0, LIMIT / 2) }),
      frame({ opcode: Opcode.Continuation, payload: whole.subarray(LIMIT / 2) }),
    ];
  }),
];

export const CHOPPING: readonly ConformanceCase[] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((at) =>
    accepted(`a short frame cut after byte ${at}`, (json) => cut(text(json.subarray(0)), at)),
  ),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((at) =>
    accepted(`a medium frame cut after byte ${at}`, (json) => cut(text(padded(json, 300)), at)),
  ),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((at) =>
    accepted(`a long frame cut after byte ${at}`, (json) => cut(text(padded(json, LIMIT)), at)),
  ),
  accepted('a short frame byte by byte', (json) => chopped(text(json))),
  accepted('a medium frame byte by byte', (json) => chopped(text(padded(json, 300)))),
  accepted('a frame in as many segments as may be', (json) => chopped(text(padded(json, 1_016)))),
  violation('a long frame byte by byte', 1008, ...chopped(text(Buffer.alloc(4_000, ' ')))),
  accepted('a frame in pieces of 7 bytes', (json) => {
    const bytes = text(padded(json, 700));
    return cut(bytes, ...Array.from({ length: 99 }, (_, at) => 7 * (at + 1)));
  }),
  exchange('a ping byte by byte', {
    send: chopped(frame({ opcode: Opcode.Ping, payload: 'abc' })),
    answers: ['pong 616263'],
  }),
  exchange('a close byte by byte', { send: chopped(close(1000, 'bye')), answers: ['close 1000'] }),
  violation('a broken frame byte by byte', 1002, ...chopped(frame({ opcode: 3 }))),
  joined('fifty frames in one segment', (frames) => [Buffer.concat(frames)]),
  joined('fifty frames, each cut where the next one begins', (frames) => {
    const bytes = Buffer.concat(frames);
    const length = frames[0]?.length ?? 0;
    return cut(bytes, ...Array.from({ length: 50 }, (_, at) => length * at + 1));
  }),
];

function joined(
  name: string,
  segments: (frames: readonly Buffer[]) => readonly Buffer[],
): ConformanceCase {
  const remarks = Array.from({ length: 50 }, () => remark());
  return exchange(name, {
    send: segments(remarks.map(({ json }) => text(json))),
    answers: remarks.map(({ ref }) => `ack ${ref}`),
    says: remarks.map(({ said }) => said),
  });
}
