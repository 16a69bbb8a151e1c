/**
 * Every text of the load client carries a tag: two marks and a number. The tag comes back in each
 * delivery (or in the acknowledgement), at the same offset of the frame as long as nothing before
 * it changes its length, so that it is read without parsing JSON.
 */
const MARK = 0x7e;
const DIGITS = 5;
const BITS = 5;
const ZERO = 0x30;

/** The second mark: what the tag is part of. */
export const TagKind = { text: 0x7e, ref: 0x21 } as const;

/** Bytes of a tag. */
export const TAG_BYTES = 2 + DIGITS;

/** Numbers that fit into a tag. */
export const TAG_LIMIT = 2 ** (DIGITS * BITS);

const TEXT_LENGTH = 64;
const FILL = ' the quick brown fox jumps over the lazy dog and then some more';

/** A message of 64 characters that carries the number. */
export function taggedText(number: number): string {
  return (tag(TagKind.text, number) + FILL).slice(0, TEXT_LENGTH);
}

/** A client's ref that carries the number. */
export function taggedRef(number: number): string {
  return tag(TagKind.ref, number);
}

function tag(kind: number, number: number): string {
  let digits = '';
  for (let shift = (DIGITS - 1) * BITS; shift >= 0; shift -= BITS) {
    digits += String.fromCharCode(ZERO + ((number >>> shift) & 31));
  }
  return String.fromCharCode(MARK, kind) + digits;
}

/** Whether a tag begins there. The caller guarantees {@link TAG_BYTES} bytes. */
export function isTag(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === MARK && (bytes[at + 1] === TagKind.text || bytes[at + 1] === TagKind.ref);
}

/** @returns where the first tag begins, or -1 */
export function findTag(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at <= end - TAG_BYTES; at += 1) {
    if (bytes[at] === MARK && isTag(bytes, at)) return at;
  }
  return -1;
}

export function isText(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 1] === TagKind.text;
}

/** The number of the tag that begins there. */
export function numberAt(bytes: Uint8Array, at: number): number {
  return (
    (digit(bytes, at + 2) << 20) |
    (digit(bytes, at + 3) << 15) |
    (digit(bytes, at + 4) << 10) |
    (digit(bytes, at + 5) << 5) |
    digit(bytes, at + 6)
  );
}

function digit(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) - ZERO) & 31;
}
