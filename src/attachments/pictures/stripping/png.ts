/** Of every PNG file. */
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** What is needed to show the animation as it was meant. Texts, times, EXIF and unknown chunks are not. */
const KEPT = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS'],
  ...['cHRM', 'gAMA', 'sBIT', 'sRGB', 'bKGD', 'pHYs'],
  ...['acTL', 'fcTL', 'fdAT'],
]);

/** Length, name and checksum. */
const AROUND = 12;

/**
 * An animated PNG with only the chunks that show it, and nothing after its end: libvips knows the first
 * frame only, so that to write it again would stop it.
 * @returns null where it is not animated, or is broken
 */
export function strippedPng(source: Buffer): Buffer | null {
  if (!source.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return null;
  const kept: Buffer[] = [SIGNATURE];
  let isAnimated = false;
  for (let at = SIGNATURE.length; at + AROUND <= source.length;) {
    const end = at + AROUND + source.readUInt32BE(at);
    if (end > source.length) return null;
    const name = source.toString('latin1', at + 4, at + 8);
    if (KEPT.has(name)) kept.push(source.subarray(at, end));
    if (name === 'acTL') isAnimated = true;
    if (name === 'IEND') return isAnimated ? Buffer.concat(kept) : null;
    at = end;
  }
  return null;
}
