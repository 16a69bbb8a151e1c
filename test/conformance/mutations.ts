import { close, fragments, frame, Opcode, ping, text } from './frames.js';
import type { Random } from './random.js';

/** What is not to come back, in any form. */
export const CANARY = 'canary-7c41';

export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Frames that clients send, with nothing wrong. */
const DOCUMENTS: readonly Json[] = [
  { type: 1 },
  { type: 1, ref: 'r1' },
  { type: 2, data: 'hello', ref: 'r2' },
  { type: 2, data: `says ${CANARY}`, room: 'lobby' },
  { type: 2, data: '你好 𝄞', to: null },
  { type: 3, to: 'nobody-here', data: CANARY, ref: 'r3' },
  { type: 3, to: 'bystander', data: 'psst', ref: 'r4' },
  { type: 8, data: { lobby: 1_000_000 }, ref: 'r5' },
  { type: 8, data: { lobby: 0, '@bystander': 0 } },
  { type: 8, data: { [`@${CANARY}`]: 3 } },
];

const KEYS = [
  ...['type', 'data', 'ref', 'room', 'to', 'user', 'id', 'seq', 'time', 'code', 'field'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'then', 'length', '', CANARY],
];

const TEXTS = [
  ...['', ' ', 'lobby', '@bystander', '@', CANARY, '\u0000', '\u2028', '\u202e', '\ufeff'],
  ...["'; drop table events; --", '%', '<img src=x onerror=alert(1)>', '${7*7}', '../../etc'],
  ...['a'.repeat(65), '𝄞'.repeat(4_001), 'x'.repeat(20_000), 'e\u0301'.repeat(500)],
];

const NUMBERS = [0, -0, -1, 0.1, 2 ** 31, 2 ** 53, -(2 ** 53), 1e300, 5e-324, 127, 255];

/** Spelt as no serializer would. */
const SPELLINGS = [
  ...['1e400', '-1e400', '1E0', '2.0', '0x2', '01', '+1', '.5', '5.', 'NaN', 'Infinity'],
  ...['9'.repeat(400), '1e-999', 'undefined', "'x'", '"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"'],
  ...['[', '{', '"', '}', ']', ',', '/**/1', '[,]', '{"a":1,}', 'tru', '\u00a01'],
];

const BLANKS = Buffer.alloc(40_000, ' ');

/** A document, most often with something wrong, as text. */
function mutatedDocument(random: Random): string {
  let document = random.pick(DOCUMENTS);
  const times = random.below(4);
  for (let i = 0; i < times; i++) document = mutate(document, random);
  const json = JSON.stringify(document);
  return random.chance(0.3) ? mutateText(json, random) : json;
}

/** @returns a value that differs from this one in one place */
export function mutate(value: Json, random: Random): Json {
  if (Array.isArray(value)) return [...(value as readonly Json[]), oddity(random)];
  if (typeof value !== 'object' || value === null) return oddity(random);
  const entries = Object.entries(value);
  const at = random.below(entries.length);
  const [key, inner] = entries[at] ?? ['', null];
  if (entries.length === 0) return oddity(random);
  switch (random.below(6)) {
    case 0:
      return Object.fromEntries(entries.toSpliced(at, 1));
    case 1:
      return Object.fromEntries([...entries, [random.pick(KEYS), oddity(random)]]);
    case 2:
      return Object.fromEntries(entries.with(at, [random.pick(KEYS), inner]));
    case 3:
      return Object.fromEntries(entries.with(at, [key, mutate(inner, random)]));
    case 4:
      return Object.fromEntries(entries.with(at, [key, nested(inner, random)]));
    default:
      return Object.fromEntries(entries.with(at, [key, oddity(random)]));
  }
}

function oddity(random: Random): Json {
  switch (random.below(6)) {
    case 0:
      return random.pick(NUMBERS);
    case 1:
      return random.pick([true, false, null]);
    case 2:
      return random.pick(DOCUMENTS);
    case 3:
      return nested(1, random);
    default:
      return random.pick(TEXTS);
  }
}

function nested(value: Json, random: Random): Json {
  const depth = random.pick([1, 6, 7, 8, 9, 200]);
  let outer = value;
  for (let i = 0; i < depth; i++) outer = random.chance(0.5) ? [outer] : { [CANARY]: outer };
  return outer;
}

function mutateText(json: string, random: Random): string {
  const at = random.below(json.length + 1);
  switch (random.below(6)) {
    case 0:
      return json.slice(0, at);
    case 1:
      return json.slice(at);
    case 2:
      return json.slice(0, at) + random.pick(SPELLINGS) + json.slice(at);
    case 3:
      return json.replace(/:[^,}]+/, `:${random.pick(SPELLINGS)}`);
    case 4:
      return json.replace('{', `{"${random.pick(KEYS)}":${random.pick(SPELLINGS)},`);
    default:
      return json.repeat(2);
  }
}

/** A document in frames that are as they should be. */
export function soundFrames(random: Random): Buffer {
  const document = Buffer.from(mutatedDocument(random));
  // Blanks mean nothing, but what is long shows where memory goes.
  const payload = random.chance(0.2) ? Buffer.concat([document, BLANKS]) : document;
  if (random.chance(0.85)) return text(payload);
  const cuts = [random.below(payload.length + 1), random.below(payload.length + 1)].sort(
    (a, b) => a - b,
  );
  const parts = [0, ...cuts].map((from, index) => payload.subarray(from, cuts[index]));
  return Buffer.concat(fragments(Opcode.Text, parts));
}

/** A frame that is put together at random, more often right than wrong in each of its parts. */
export function oddFrame(random: Random): Buffer {
  const payload = random.chance(0.5)
    ? Buffer.from(mutatedDocument(random)).subarray(0, random.pick([0, 1, 2, 125, 126, 70_000]))
    : random.bytes(random.pick([0, 1, 2, 3, 125, 126]));
  return frame({
    payload,
    opcode: random.chance(0.7) ? random.pick(Object.values(Opcode)) : random.below(16),
    fin: random.chance(0.8),
    rsv: random.chance(0.9) ? 0 : random.below(8),
    mask: random.chance(0.95) ? random.bytes(4) : null,
    ...(random.chance(0.15) && { form: random.pick([7, 16, 64] as const) }),
    ...(random.chance(0.05) && {
      form: 64,
      claims: random.pick([65_537n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]),
    }),
  });
}

/** A frame as it should be, and then not quite. */
export function corruptedFrame(random: Random): Buffer {
  const bytes = Buffer.from(random.pick([soundFrames, soundControl])(random));
  const times = 1 + random.below(3);
  return Array.from({ length: times }).reduce<Buffer>((sum) => corrupt(sum, random), bytes);
}

function soundControl(random: Random): Buffer {
  return random.pick([ping(CANARY), close(1000, 'bye'), frame({ opcode: Opcode.Pong })]);
}

function corrupt(bytes: Buffer, random: Random): Buffer {
  // Most of what can go wrong is in the header.
  const at = random.below(random.chance(0.5) ? Math.min(8, bytes.length) : bytes.length);
  switch (random.below(5)) {
    case 0:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), random.bytes(1), bytes.subarray(at)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes]);
    default: {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
      return copy;
    }
  }
}
