import { afterAll, describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { HandClock } from '../../../test/support/hand-clock.js';
import {
  animatedGif,
  animatedPng,
  animatedWebp,
  photograph,
  picture,
  pngOfSize,
  SECRET,
} from '../../../test/support/pictures.js';
import { temporaryFolder } from '../../../test/support/service.js';
import { until } from '../../../test/support/bounded.js';
import { SystemScheduler } from '../../kernel/scheduler.js';
import { IsolatedPictureReader } from './isolated-picture-reader.js';

const HTML = Buffer.from('<!doctype html><script>alert(1)</script>PK\x03\x04', 'latin1');
const SVG = Buffer.from(
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
);

const reader = new IsolatedPictureReader(new SystemScheduler());

afterAll(() => reader.onApplicationShutdown());

describe('A picture', () => {
  it('[S61] loses EXIF, its place, XMP and comments, and stands upright', async () => {
    const source = await photograph(60, 40);
    expect(source.includes(SECRET)).toBe(true);

    const read = await reader.read(source, 'image/jpeg');

    expect(read).toMatchObject({ width: 40, height: 60 });
    expect(read?.bytes.includes(SECRET)).toBe(false);
    const metadata = await sharp(read?.bytes).metadata();
    expect(metadata).toMatchObject({ format: 'jpeg', width: 40, height: 60 });
    expect(metadata.exif ?? metadata.xmp ?? metadata.orientation).toBeUndefined();
    expect(read?.thumbnail.includes(SECRET)).toBe(false);
  });

  it.each([
    ['image/jpeg', (): Promise<Buffer> => picture(640, 480).jpeg().toBuffer()],
    ['image/png', (): Promise<Buffer> => picture(640, 480).png().toBuffer()],
    ['image/webp', (): Promise<Buffer> => picture(640, 480).webp().toBuffer()],
    ['image/avif', (): Promise<Buffer> => picture(640, 480).avif({ effort: 0 }).toBuffer()],
    ['image/gif', (): Promise<Buffer> => picture(640, 480).gif({ effort: 1 }).toBuffer()],
  ])('of type %s stays of its type, and has a thumbnail of 320 pixels', async (type, make) => {
    const read = await reader.read(await make(), type);

    expect(read).toMatchObject({ width: 640, height: 480 });
    const { format } = await sharp(read?.bytes).metadata();
    expect(`image/${format === 'heif' ? 'avif' : format}`).toBe(type);
    expect(await sharp(read?.thumbnail).metadata()).toMatchObject({
      ...{ format: 'webp', width: 320, height: 240 },
    });
  });

  it('is not enlarged to be a thumbnail', async () => {
    const read = await reader.read(await picture(30, 20).png().toBuffer(), 'image/png');
    expect(await sharp(read?.thumbnail).metadata()).toMatchObject({ width: 30, height: 20 });
  });

  it.each([
    ['GIF', 'image/gif', animatedGif],
    ['WebP', 'image/webp', animatedWebp],
    ['PNG', 'image/png', animatedPng],
  ])('that moves goes on moving: %s', async (_name, type, make) => {
    const source = await make();
    const read = await reader.read(source, type);
    expect(read).toMatchObject({ width: 20, height: 10 });
    expect(read?.bytes.includes(SECRET)).toBe(false);
    const { pages } = await sharp(source, { animated: true }).metadata();
    expect((await sharp(read?.bytes, { animated: true }).metadata()).pages).toBe(pages);
  });

  it('is read from a file as well', async () => {
    const file = join(temporaryFolder(), 'upload');
    writeFileSync(file, await photograph());
    expect(await reader.read(file, 'image/jpeg')).toMatchObject({ width: 40, height: 60 });
    expect(await reader.read(`${file}-that-is-not`, 'image/jpeg')).toBeNull();
  });

  it.each([
    ['JPEG', 'image/jpeg', (): Promise<Buffer> => photograph()],
    ['PNG', 'image/png', (): Promise<Buffer> => picture(9, 9).png().toBuffer()],
    ['GIF', 'image/gif', animatedGif],
    ['WebP', 'image/webp', (): Promise<Buffer> => picture(9, 9).webp().toBuffer()],
  ])('[S61] loses a page or an archive that was appended to a %s', async (_name, type, make) => {
    const read = await reader.read(Buffer.concat([await make(), HTML]), type);
    expect(read).not.toBeNull();
    expect(read?.bytes.includes('<script>')).toBe(false);
  });
});

describe('What is no picture to show', () => {
  const cut = async (): Promise<Buffer> => {
    const whole = await picture(200, 200).jpeg().toBuffer();
    return whole.subarray(0, whole.length / 2);
  };

  it.each<[string, string, () => Buffer | Promise<Buffer>]>([
    ['a PNG of 10,000 by 10,000 pixels', 'image/png', () => pngOfSize(10_000, 10_000)],
    ['a truncated JPEG', 'image/jpeg', cut],
    ['an SVG that says it is a PNG', 'image/png', () => SVG],
    ['an SVG', 'image/svg+xml', () => SVG],
    ['a page that says it is a JPEG', 'image/jpeg', () => HTML],
    ['a PDF that says it is a JPEG', 'image/jpeg', () => Buffer.from('%PDF-1.7\n%%EOF')],
    ['a TIFF', 'image/tiff', () => picture(9, 9).tiff().toBuffer()],
    ['a TIFF that says it is a PNG', 'image/png', () => picture(9, 9).tiff().toBuffer()],
    ['a GIF that says it is a PNG', 'image/png', animatedGif],
    ['nothing', 'image/png', () => Buffer.alloc(0)],
  ])('[S61] is not shown, and nothing else happens: %s', async (_what, type, make) => {
    expect(await reader.read(await make(), type)).toBeNull();
    expect(await reader.read(await photograph(), 'image/jpeg')).not.toBeNull();
  });

  it('[S61] decodes a picture of real pixels beyond the bound no more than a false one', async () => {
    const pixels = { width: 10_000, height: 10_000, channels: 3, background: 'red' } as const;
    const bomb = await sharp({ create: pixels }).png().toBuffer();
    expect(bomb.length).toBeLessThan(2_000_000);
    const began = performance.now();
    expect(await reader.read(bomb, 'image/png')).toBeNull();
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('Reading pictures', () => {
  it('goes on in two processes at most, and refuses beyond 64 that wait', async () => {
    const source = await photograph();
    const file = join(temporaryFolder(), 'upload');
    writeFileSync(file, source);
    const reads = Array.from({ length: 66 }, () => reader.read(file, 'image/jpeg'));

    await expect(reader.read(file, 'image/jpeg')).rejects.toMatchObject({
      ...{ code: 'busy', retryable: true },
    });
    expect(reader.pids).toHaveLength(2);
    const all = await Promise.all(reads);
    expect(all.every((one) => one?.width === 40)).toBe(true);
    expect(reader.pids).toHaveLength(2);
  });

  it('refuses beyond 64 MiB that wait in memory', async () => {
    const half = Buffer.alloc(33 * 1024 * 1024);
    const reads = Array.from({ length: 3 }, () => reader.read(half, 'image/jpeg'));
    await expect(reader.read(half, 'image/jpeg')).rejects.toMatchObject({ code: 'busy' });
    expect(await Promise.all(reads)).toEqual([null, null, null]);
  });

  it('[S61] survives the crash of a decoder, and reads the next picture', async () => {
    const source = await picture(2_000, 2_000).png().toBuffer();
    await reader.read(await photograph(), 'image/jpeg');
    const crashing = reader.read(source, 'image/png');
    // Whichever of them reads it.
    for (const pid of reader.pids) process.kill(pid, 'SIGSEGV');
    expect(await crashing).toBeNull();
    expect(await reader.read(await photograph(), 'image/jpeg')).not.toBeNull();
  });

  it('[S61] gives a picture up after 10 seconds, with its process', async () => {
    const clock = new HandClock();
    const slow = new IsolatedPictureReader(clock);
    await slow.read(await photograph(), 'image/jpeg');
    const [pid = 0] = slow.pids;
    process.kill(pid, 'SIGSTOP');

    const late = slow.read(await photograph(), 'image/jpeg');
    await clock.pass(10_000);

    expect(await late).toBeNull();
    await until(
      () => Promise.resolve(isGone(pid) || null),
      'the process to be gone',
      () => 'it is there',
    );
    slow.onApplicationShutdown();
  });

  it('ends processes that have had nothing to do for a minute', async () => {
    const clock = new HandClock();
    const quiet = new IsolatedPictureReader(clock);
    await quiet.read(await photograph(), 'image/jpeg');
    expect(quiet.pids).toHaveLength(1);
    clock.advance(60_000);
    expect(quiet.pids).toHaveLength(0);
  });

  it('refuses what is being read, and what waits, when the service stops', async () => {
    const source = await photograph();
    const stopped = new IsolatedPictureReader(new SystemScheduler());
    const reads = Array.from({ length: 4 }, () => stopped.read(source, 'image/jpeg'));
    stopped.onApplicationShutdown();
    const outcomes = await Promise.allSettled([...reads, stopped.read(source, 'image/jpeg')]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'stopping' } });
    }
  });
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
