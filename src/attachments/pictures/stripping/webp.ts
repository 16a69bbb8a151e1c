/** `RIFF`, the length of the rest, `WEBP`. */
const BEGINNING = 12;
/** Name and length. */
const HEAD = 8;

const KEPT = new Set(['VP8X', 'ANIM', 'ANMF']);

/** Flags in VP8X: colour profile, EXIF, XMP. What they announce is gone. */
const GONE = 0x20 | 0x08 | 0x04;

/**
 * An animated WebP with its frames as they were, without metadata, and with nothing after its end. To
 * write its frames again would take longer than there is time.
 * @returns null where it is not animated, or is broken
 */
export function strippedWebp(source: Buffer): Buffer | null {
  if (!/^RIFF[^]{4}WEBP$/.test(source.toString('latin1', 0, BEGINNING))) return null;
  const end = HEAD + source.readUInt32LE(4);
  if (end > source.length) return null;
  const kept: Buffer[] = [];
  let isAnimated = false;
  for (let at = BEGINNING; at < end;) {
    if (at + HEAD > end) return null;
    const name = source.toString('latin1', at, at + 4);
    const length = source.readUInt32LE(at + 4);
    // Chunks begin at even places.
    const next = at + HEAD + length + (length % 2);
    if (next > end) return null;
    if (name === 'ANIM') isAnimated = true;
    if (KEPT.has(name)) kept.push(unflagged(source.subarray(at, next), name));
    at = next;
  }
  return isAnimated ? assembled(kept) : null;
}

function unflagged(chunk: Buffer, name: string): Buffer {
  if (name !== 'VP8X') return chunk;
  const copy = Buffer.from(chunk);
  copy[HEAD] = (copy[HEAD] ?? 0) & ~GONE;
  return copy;
}

function assembled(chunks: readonly Buffer[]): Buffer {
  const beginning = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  const whole = Buffer.concat([beginning, ...chunks]);
  whole.writeUInt32LE(whole.length - HEAD, 4);
  return whole;
}
