import type { Metadata, Sharp } from 'sharp';
import { strippedGif } from './stripping/gif.js';
import { strippedPng } from './stripping/png.js';
import { strippedWebp } from './stripping/webp.js';

/** How a picture of one type is made again, without what is not seen of it. */
export interface PictureType {
  /** As libvips calls what it found: a file that lies about its type is refused. */
  readonly format: string;
  /** Leaves frames as they are, since an animation is not decoded as a whole; null: not to be made so. */
  readonly strip?: (source: Buffer) => Buffer | null;
  /** Writes it from its pixels. Without this, only {@link strip} makes it. */
  readonly write?: (pipeline: Sharp, metadata: Metadata) => Sharp;
}

/** Of 100: hardly told from the original, and near its size. */
const QUALITY = 90;

const JPEG: PictureType = {
  format: 'jpeg',
  write: (pipeline, { chromaSubsampling }) =>
    pipeline.jpeg({
      quality: QUALITY,
      chromaSubsampling: chromaSubsampling === '4:4:4' ? '4:4:4' : '4:2:0',
    }),
};

const PNG: PictureType = {
  format: 'png',
  strip: strippedPng,
  write: (pipeline) => pipeline.png(),
};

const GIF: PictureType = { format: 'gif', strip: strippedGif };

const WEBP: PictureType = {
  format: 'webp',
  strip: strippedWebp,
  write: (pipeline) => pipeline.webp({ quality: QUALITY, effort: 1 }),
};

const AVIF: PictureType = {
  format: 'heif',
  // Its encoder is slow: with more effort large photographs would not be done in time.
  write: (pipeline) => pipeline.avif({ quality: 70, effort: 0 }),
};

/** Each stays the type it is, so that its name stays true. */
export const PICTURE_TYPES: ReadonlyMap<string, PictureType> = new Map([
  ['image/jpeg', JPEG],
  ['image/png', PNG],
  ['image/gif', GIF],
  ['image/webp', WEBP],
  ['image/avif', AVIF],
]);
