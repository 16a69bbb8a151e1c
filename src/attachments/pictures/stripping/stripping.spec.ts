import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import {
  animatedGif,
  animatedPng,
  animatedWebp,
  picture,
  SECRET,
} from '../../../../test/support/pictures.js';
import { strippedGif } from './gif.js';
import { strippedPng } from './png.js';
import { strippedWebp } from './webp.js';

const APPENDED = Buffer.from('PK\x03\x04<script>alert(1)</script>', 'latin1');

const KINDS = [
  ['GIF', animatedGif, strippedGif],
  ['WebP', animatedWebp, strippedWebp],
  ['PNG', animatedPng, strippedPng],
] as const;

describe.each(KINDS)('An animated %s', (name, make, strip) => {
  it('keeps its frames and loses what else it said', async () => {
    const source = await make();
    expect(source.includes(SECRET)).toBe(true);

    const stripped = strip(source);

    expect(stripped?.includes(SECRET)).toBe(false);
    const before = await sharp(source, { animated: true }).metadata();
    const after = await sharp(stripped ?? '', { animated: true }).metadata();
    expect(after.exif ?? after.xmp).toBeUndefined();
    expect([after.width, after.height, after.pages, after.delay, after.loop]).toEqual([
      ...[before.width, before.height, before.pages, before.delay, before.loop],
    ]);
    if (name !== 'PNG') expect(after.pages).toBe(2);
    if (name === 'PNG') expect(stripped?.includes('acTL')).toBe(true);
  });

  it('loses what was appended', async () => {
    const source = await make();
    expect(strip(Buffer.concat([source, APPENDED]))).toEqual(strip(source));
  });

  it('is refused wherever it is cut off', async () => {
    const source = await make();
    for (let length = 0; length < source.length; length++) {
      expect(strip(source.subarray(0, length))).toBeNull();
    }
  });

  it('is read in time, whatever its bytes are', async () => {
    const source = await make();
    const began = performance.now();
    for (let at = 0; at < source.length; at++) {
      const changed = Buffer.from(source);
      changed[at] = 0xff;
      strip(changed);
    }
    strip(Buffer.concat([source.subarray(0, 13), Buffer.alloc(1_000_000, 0x21)]));
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

it.each([
  ['PNG', () => picture(9, 9).png().toBuffer(), strippedPng],
  ['WebP', () => picture(9, 9).webp().toBuffer(), strippedWebp],
])('A still %s is left to those who write it from its pixels', async (_name, make, strip) => {
  expect(strip(await make())).toBeNull();
});
