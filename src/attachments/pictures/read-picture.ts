import { open } from 'node:fs/promises';
import type { ReadPicture } from '../picture-reader.js';
import { pipelineOf } from './libvips.js';
import type { PictureJob } from './picture-protocol.js';
import { PICTURE_TYPES, type PictureType } from './picture-types.js';

/** Of a file and of a picture written again, which may grow: 64 MiB. */
const BYTES_MAX = 64 * 1024 * 1024;
const THUMBNAIL_SIDE = 320;

/**
 * Reads a picture and makes it again, a still one from its pixels: neither metadata nor anything appended
 * comes through. To be called in a process of its own.
 * @returns null for what is not a picture of that type, is broken, or is beyond the bounds
 */
export async function readPicture({ source, type }: PictureJob): Promise<ReadPicture | null> {
  const kind = PICTURE_TYPES.get(type);
  if (kind === undefined) return null;
  try {
    const bytes = await bytesOf(source);
    return bytes === null ? null : await rewritten(bytes, kind);
  } catch {
    // Whatever libvips has against it, it cannot be shown.
    return null;
  }
}

async function rewritten(source: Buffer, kind: PictureType): Promise<ReadPicture | null> {
  const metadata = await pipelineOf(source).metadata();
  if (metadata.format !== kind.format) return null;
  // Decodes it, the first frame of an animation: what is broken there ends here.
  const thumbnail = await thumbnailOf(source);
  const stripped = kind.strip?.(source) ?? null;
  if (stripped !== null) {
    return { width: metadata.width, height: metadata.height, bytes: stripped, thumbnail };
  }
  if (kind.write === undefined) return null;
  const pipeline = kind.write(pipelineOf(source).autoOrient(), metadata);
  const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
  if (data.length > BYTES_MAX) return null;
  return { width: info.width, height: info.height, bytes: data, thumbnail };
}

async function thumbnailOf(source: Buffer): Promise<Buffer> {
  return await pipelineOf(source)
    .autoOrient()
    .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 75 })
    .toBuffer();
}

async function bytesOf(source: Buffer | string): Promise<Buffer | null> {
  if (typeof source !== 'string') return source.length > BYTES_MAX ? null : source;
  const file = await open(source, 'r');
  try {
    const { size } = await file.stat();
    return size > BYTES_MAX ? null : await file.readFile();
  } finally {
    await file.close();
  }
}
