import { accepted, type ConformanceCase, exchange, remark, violation } from './case.js';
import { chopped, close, fragments, frame, Opcode, ping, text } from './frames.js';

const MOST_FRAGMENTS = 256;
const EMPTY = Buffer.alloc(0);

/** The parts of a text that is split behind each of these bytes. */
function split(bytes: Buffer, ...cuts: readonly number[]): readonly Buffer[] {
  return [0, ...cuts].map((from, at) => bytes.subarray(from, cuts[at]));
}

/** A frame between any two of the others. */
function between(frames: readonly Buffer[], other: Buffer): readonly Buffer[] {
  return frames.flatMap((one, at) => (at === 0 ? [one] : [other, one]));
}

function unfinished(opcode: number = Opcode.Text): Buffer {
  return frame({ opcode, fin: false, payload: '{' });
}

function finalPart(payload = '}'): Buffer {
  return frame({ opcode: Opcode.Continuation, payload });
}

function emptyParts(count: number): readonly Buffer[] {
  return Array.from({ length: count }, () => frame({ opcode: Opcode.Continuation, fin: false }));
}

/** A message in so many fragments, all empty but the last one. */
function inParts(json: Buffer, count: number): readonly Buffer[] {
  const parts = [...Array.from({ length: count - 1 }, () => EMPTY), json];
  return [Buffer.concat(fragments(Opcode.Text, parts))];
}

export const FRAGMENTS: readonly ConformanceCase[] = [
  ...[1, 2, 10].map((at) =>
    accepted(`two fragments, split at ${at}`, (json) => fragments(Opcode.Text, split(json, at))),
  ),
  accepted('three fragments', (json) => fragments(Opcode.Text, split(json, 5, 9))),
  accepted('three fragments in one segment', (json) => [
    Buffer.concat(fragments(Opcode.Text, split(json, 5, 9))),
  ]),
  accepted('a fragment per byte', (json) => fragments(Opcode.Text, chopped(json))),
  accepted('fragments byte by byte', (json) =>
    fragments(Opcode.Text, split(json, 5, 9)).flatMap(chopped),
  ),
  accepted('an empty first fragment', (json) => fragments(Opcode.Text, [EMPTY, json])),
  accepted('an empty last fragment', (json) => fragments(Opcode.Text, [json, EMPTY])),
  accepted('empty fragments between', (json) => fragments(Opcode.Text, split(json, 5, 5, 5, 9, 9))),
  exchange('fragments that are all empty', {
    send: fragments(Opcode.Text, [EMPTY, EMPTY, EMPTY]),
    answers: ['reject bad-json'],
  }),
  exchange('a fragmented binary message', {
    send: fragments(Opcode.Binary, ['a', 'b']),
    answers: ['reject not-text'],
  }),
  ...[2, 255, MOST_FRAGMENTS].map((count) =>
    accepted(`a message in ${count} fragments`, (json) => inParts(json, count)),
  ),
  violation(
    `a message in ${MOST_FRAGMENTS + 1} fragments`,
    1008,
    ...inParts(Buffer.from('{"type":1}'), MOST_FRAGMENTS + 1),
  ),
  violation(
    'a flood of empty fragments [S18]',
    1008,
    unfinished(),
    Buffer.concat(emptyParts(2_000)),
  ),
  violation(
    'a flood of empty binary fragments [S18]',
    1008,
    unfinished(Opcode.Binary),
    Buffer.concat(emptyParts(2_000)),
  ),
  violation(
    'a flood of fragments with pings between [S18]',
    1008,
    unfinished(),
    Buffer.concat(between(emptyParts(300), frame({ opcode: Opcode.Pong }))),
  ),
];

export const INTERLEAVED: readonly ConformanceCase[] = [
  interleaved('a ping between fragments', [5], 'p1'),
  interleaved('a ping between all of many fragments', [5, 6, 7, 8, 9, 10], 'p2'),
  interleaved('an empty ping between fragments', [5], ''),
  interleaved('a ping of 125 bytes between fragments', [5], 'x'.repeat(125)),
  accepted('a pong between fragments', (json) =>
    between(fragments(Opcode.Text, split(json, 5)), frame({ opcode: Opcode.Pong, payload: 'x' })),
  ),
  exchange('a close between fragments', {
    send: [unfinished(), close(1000), finalPart()],
    answers: ['close 1000'],
  }),
  violation('a continuation without a start', 1002, finalPart()),
  violation('an unfinished continuation without a start', 1002, unfinished(Opcode.Continuation)),
  violation('an empty continuation without a start', 1002, finalPart('')),
  exchange('a continuation behind a message that has ended', {
    send: [Buffer.concat([...fragments(Opcode.Binary, ['a', 'b']), finalPart()])],
    answers: ['close 1002'],
  }),
  violation('a text inside a fragmented text', 1002, unfinished(), text('{"type":1}')),
  violation(
    'a binary inside a fragmented text',
    1002,
    unfinished(),
    frame({ opcode: Opcode.Binary }),
  ),
  violation('a text inside a fragmented binary', 1002, unfinished(Opcode.Binary), text('{}')),
  violation('a fragmented text inside a fragmented text', 1002, unfinished(), unfinished()),
  ...[Opcode.Ping, Opcode.Pong, Opcode.Close].map((opcode) =>
    violation(`a fragmented control frame: opcode ${opcode}`, 1002, frame({ opcode, fin: false })),
  ),
  violation(
    'a fragmented ping inside a message',
    1002,
    unfinished(),
    frame({ opcode: 9, fin: false }),
  ),
  violation(
    'an unmasked continuation',
    1002,
    unfinished(),
    frame({ opcode: Opcode.Continuation, mask: null, payload: '}' }),
  ),
];

function interleaved(name: string, cuts: readonly number[], payload: string): ConformanceCase {
  const { said, ref, json } = remark();
  const pong = `pong ${Buffer.from(payload).toString('hex')}`.trim();
  return exchange(name, {
    send: between(fragments(Opcode.Text, split(Buffer.from(json), ...cuts)), ping(payload)),
    answers: [...cuts.map(() => pong), `ack ${ref}`],
    says: [said],
  });
}

const CHARACTERS = ['é', 'ß', '张', '€', '한', '𝄞', '😀'];

/** Whatever it is, it is text: the first and last code points of each length, and odd ones. */
const TEXTS: readonly (readonly [name: string, characters: string])[] = [
  ['U+00A1 and U+07FF', '\u00a1\u07ff'],
  ['U+0800 and U+FFFF', '\u0800\uffff'],
  ['U+10000 and U+10FFFF', '\u{10000}\u{10ffff}'],
  ['the neighbours of the surrogates', '\ud7ff\ue000'],
  ['noncharacters', '\ufdd0\ufffe\u{1fffe}'],
  ['the replacement character', '\ufffd'],
  ['a byte order mark inside', 'a\ufeffb'],
];

export const SPLIT_CHARACTERS: readonly ConformanceCase[] = [
  ...CHARACTERS.flatMap((character) => {
    const inside = Array.from({ length: Buffer.byteLength(character) - 1 }, (_, at) => at + 1);
    const words = `a${character}b`;
    const start = (json: Buffer): number => json.indexOf(character);
    return [
      ...inside.map((at) =>
        accepted(
          `${character} split after byte ${at} into fragments`,
          (json) => fragments(Opcode.Text, split(json, start(json) + at)),
          words,
        ),
      ),
      accepted(
        `${character} split after every byte, with pongs between`,
        (json) => {
          const cuts = inside.map((at) => start(json) + at);
          return between(fragments(Opcode.Text, split(json, ...cuts)), frame({ opcode: 10 }));
        },
        words,
      ),
      accepted(`${character} byte by byte`, (json) => chopped(text(json)), words),
    ];
  }),
  ...TEXTS.map(([name, characters]) => accepted(name, (json) => [text(json)], characters)),
];

const NOT_UTF8: readonly (readonly [name: string, hex: string])[] = [
  ['a continuation byte alone', '80'],
  ['the last continuation byte alone', 'bf'],
  ['two continuation bytes', '80bf'],
  ['a slash in two bytes', 'c0af'],
  ['NUL in two bytes', 'c080'],
  ['the overlong c1bf', 'c1bf'],
  ['a slash in three bytes', 'e080af'],
  ['the overlong e09fbf', 'e09fbf'],
  ['a slash in four bytes', 'f08080af'],
  ['the overlong f08fbfbf', 'f08fbfbf'],
  ['the first surrogate', 'eda080'],
  ['the last high surrogate', 'edafbf'],
  ['the first low surrogate', 'edb080'],
  ['the last surrogate', 'edbfbf'],
  ['a pair of surrogates', 'eda081edb080'],
  ['U+110000', 'f4908080'],
  ['U+13FFFF', 'f4bfbfbf'],
  ['U+140000', 'f5808080'],
  ['five bytes', 'f888808080'],
  ['six bytes', 'fc8480808080'],
  ['the byte fe', 'fe'],
  ['the byte ff', 'ff'],
  ['two bytes without the second', 'c3'],
  ['two bytes with an ASCII second', 'c328'],
  ['three bytes without the third', 'e5bc'],
  ['three bytes without the others', 'e5'],
  ['three bytes with an ASCII third', 'e5bc28'],
  ['four bytes without the fourth', 'f09f98'],
  ['four bytes with a start in the middle', 'f09ff098'],
  ['Latin-1', 'e4f6fc'],
];

const around = (hex: string): Buffer =>
  Buffer.concat([Buffer.from('{"type":2,"data":"'), Buffer.from(hex, 'hex'), Buffer.from('"}')]);

export const NOT_TEXT: readonly ConformanceCase[] = [
  ...NOT_UTF8.map(([name, hex]) => violation(`${name} (${hex})`, 1007, text(around(hex)))),
  ...NOT_UTF8.slice(0, 4).map(([name, hex]) =>
    violation(`${name}, and nothing else`, 1007, text(Buffer.from(hex, 'hex'))),
  ),
  violation(
    'invalid bytes in a later fragment',
    1007,
    ...fragments(Opcode.Text, ['{"type":2,"data":"', Buffer.from('ff', 'hex'), '"}']),
  ),
  violation(
    'a character that its last fragment leaves unfinished',
    1007,
    ...fragments(Opcode.Text, ['{"type":2', Buffer.from('e5', 'hex'), Buffer.from('bc', 'hex')]),
  ),
  violation('invalid bytes, byte by byte', 1007, ...chopped(text(around('f4908080')))),
  exchange('a byte order mark in front', {
    send: [text('\ufeff{"type":1}')],
    answers: ['reject bad-json'],
  }),
  exchange('a NUL behind', { send: [text('{"type":1}\0')], answers: ['reject bad-json'] }),
];
