import sharp, { type Sharp } from 'sharp';

/** What must not be found in a picture that the service hands out. */
export const SECRET = 'taken-at-home-by-alice';

/** Noise of a fixed kind, so that no picture is too simple to be one. */
export function picture(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at++) pixels[at] = (at * 2_654_435_761) >>> 24;
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** A photograph as telephones make it: lying on its side, with EXIF, a place, XMP and a comment. */
export async function photograph(width = 60, height = 40): Promise<Buffer> {
  const bytes = await picture(width, height)
    .withExif({
      IFD0: { Artist: SECRET, Copyright: SECRET },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1' },
    })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><y>${SECRET}</y></x:xmpmeta>`)
    // Stored on its side: whoever looks at it turns it.
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const comment = Buffer.from(`\xff\xfe\0\0${SECRET}`, 'latin1');
  comment.writeUInt16BE(comment.length - 2, 2);
  return Buffer.concat([bytes.subarray(0, 2), comment, bytes.subarray(2)]);
}

/** Two frames, one second each, with a comment. */
export async function animatedGif(): Promise<Buffer> {
  const bytes = await frames()
    .gif({ delay: [1000, 1000], loop: 0 })
    .toBuffer();
  const comment = Buffer.from(`\x21\xfe${String.fromCharCode(SECRET.length)}${SECRET}\0`, 'latin1');
  return Buffer.concat([bytes.subarray(0, -1), comment, bytes.subarray(-1)]);
}

/** Two frames, with EXIF and XMP. */
export async function animatedWebp(): Promise<Buffer> {
  return await frames()
    .withExif({ IFD0: { Artist: SECRET } })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><y>${SECRET}</y></x:xmpmeta>`)
    .webp({ delay: [1000, 1000], loop: 0 })
    .toBuffer();
}

/** A still PNG as its first frame of two, and a text. */
export async function animatedPng(): Promise<Buffer> {
  const still = await picture(20, 10).png().toBuffer();
  const afterHeader = 8 + 25;
  const control = Buffer.alloc(8);
  control.writeUInt32BE(2, 0);
  return Buffer.concat([
    still.subarray(0, afterHeader),
    pngChunk('acTL', control),
    pngChunk('tEXt', Buffer.from(`Author\0${SECRET}`, 'latin1')),
    still.subarray(afterHeader),
  ]);
}

/** A PNG of this size by its header, of which hardly anything follows. */
export function pngOfSize(width: number, height: number): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    pngChunk('IDAT', Buffer.from('789c030000000001', 'hex')),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Two pictures below each other, which are the frames of one. */
function frames(): Sharp {
  const pixels = Buffer.alloc(20 * 20 * 3, 0x20).fill(0xd0, 20 * 10 * 3);
  return sharp(pixels, { raw: { width: 20, height: 20, channels: 3, pageHeight: 10 } });
}

function pngChunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(data.length, 0);
  around.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
}

/** As PNG has it; Node's own is newer than the oldest Node. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * 0xedb88320);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
