import { describe, expect, it } from '@jest/globals';
import { animatedGif, animatedPng, photograph, picture } from '../../test/support/pictures.js';
import { foundType, SAMPLE_BYTES } from './found-type.js';

const UNKNOWN = 'application/octet-stream';
const MP4 = Buffer.concat([Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1')]);

describe('The type of a file', () => {
  it.each([
    ['a JPEG', photograph, 'image/jpeg'],
    ['a PNG', () => picture(2, 2).png().toBuffer(), 'image/png'],
    ['an animated PNG', animatedPng, 'image/png'],
    ['a GIF', animatedGif, 'image/gif'],
    ['a WebP', () => picture(2, 2).webp().toBuffer(), 'image/webp'],
    ['an AVIF', () => picture(16, 16).avif({ effort: 0 }).toBuffer(), 'image/avif'],
    ['a film', () => MP4, 'video/mp4'],
    ['a PDF', () => Buffer.from('%PDF-1.7\n'), 'application/pdf'],
    ['a ZIP', () => Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1'), 'application/zip'],
    ['text', () => Buffer.from('hello'), UNKNOWN],
    ['HTML', () => Buffer.from('<!doctype html><script>alert(1)</script>'), UNKNOWN],
    ['SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), UNKNOWN],
    ['SVG as XML', () => Buffer.from('<?xml version="1.0"?><svg/>'), UNKNOWN],
    [
      'HTML that speaks of a picture',
      () => Buffer.from('<html>\x89PNG\r\n\x1a\n', 'latin1'),
      UNKNOWN,
    ],
    ['nothing', () => Buffer.alloc(0), UNKNOWN],
    ['half a beginning', () => Buffer.from([0x89, 0x50]), UNKNOWN],
  ])('is found in the bytes of %s', async (_what, make, type) => {
    expect(await foundType(await make())).toBe(type);
  });

  it('is found in its beginning alone', async () => {
    const long = await picture(200, 200).png({ compressionLevel: 0 }).toBuffer();
    expect(long.length).toBeGreaterThan(SAMPLE_BYTES);
    expect(await foundType(long.subarray(0, SAMPLE_BYTES))).toBe('image/png');
  });

  it('ends in time, whatever the bytes are', async () => {
    const beginnings = [
      'PK\x03\x04',
      'ID3',
      '\0\0\0\x01ftyp',
      'II*\0',
      'RIFF',
      '\x1aE\xdf\xa3',
      'OggS',
    ];
    const began = performance.now();
    for (const beginning of beginnings) {
      const bytes = Buffer.alloc(SAMPLE_BYTES, 0xff);
      bytes.write(beginning, 'latin1');
      expect(typeof (await foundType(bytes))).toBe('string');
    }
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
