const HEADER = /^GIF8[79]a/;
/** Header and description of the screen. */
const BEGINNING = 13;
/** Of one frame, with the separator. */
const FRAME = 10;

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
/** How long a frame is shown, and what of it is transparent. */
const GRAPHIC_CONTROL = 0xf9;
const APPLICATION = 0xff;
/** How often the animation runs. All other applications keep what is nobody's business, such as XMP. */
const LOOPS = /^(NETSCAPE2\.0|ANIMEXTS1\.0)/;

/**
 * A GIF with its frames as they were, without comments, texts and what applications left in it, and with
 * nothing after its end. To write its frames again would take longer than there is time.
 * @returns null where it is broken
 */
export function strippedGif(source: Buffer): Buffer | null {
  if (!HEADER.test(source.toString('latin1', 0, 6)) || source.length < BEGINNING) return null;
  let at = BEGINNING + colours(source, 10);
  const kept: Buffer[] = [source.subarray(0, at)];
  for (;;) {
    const end = endOfBlock(source, at);
    if (end === null) return null;
    if (isShown(source, at)) kept.push(source.subarray(at, end));
    if (source[at] === TRAILER) return Buffer.concat(kept);
    at = end;
  }
}

/** @returns null where there is no whole block */
function endOfBlock(source: Buffer, at: number): number | null {
  switch (source[at]) {
    case TRAILER:
      return at + 1;
    case EXTENSION:
      return endOfData(source, at + 2);
    case IMAGE:
      // After the frame's own colours the size of its codes.
      return endOfData(source, at + FRAME + colours(source, at + FRAME - 1) + 1);
    default:
      return null;
  }
}

/** Data come in parts of at most 255 bytes; an empty one ends them. */
function endOfData(source: Buffer, begin: number): number | null {
  for (let at = begin; ;) {
    const length = source[at];
    if (length === undefined) return null;
    at += 1 + length;
    if (length === 0) return at;
  }
}

function isShown(source: Buffer, at: number): boolean {
  if (source[at] !== EXTENSION) return true;
  if (source[at + 1] === GRAPHIC_CONTROL) return true;
  return source[at + 1] === APPLICATION && LOOPS.test(source.toString('latin1', at + 3, at + 14));
}

/** @returns bytes of the table of colours that the flags there tell of */
function colours(source: Buffer, flagsAt: number): number {
  const flags = source[flagsAt] ?? 0;
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}
