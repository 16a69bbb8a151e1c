import sharp, { type Sharp } from 'sharp';

/** Pixels of a picture, or of a frame. At 4 bytes each, 200 MB decoded. */
const PIXELS_MAX = 50_000_000;
/** Work that libvips itself ends; whoever started this process ends what libvips does not. */
const WORK_MAX_S = 8;

/** The only decoders that strangers' bytes reach: above all not those of SVG, PDF, TIFF and ImageMagick. */
const LOADERS = ['Jpeg', 'Png', 'Nsgif', 'Webp', 'Heif'].flatMap((name) => [
  `VipsForeignLoad${name}File`,
  `VipsForeignLoad${name}Buffer`,
]);

/** Sets libvips up for this process: one picture at a time, nothing kept, nothing else than {@link LOADERS}. */
export function setUpLibvips(): void {
  sharp.cache(false);
  sharp.concurrency(1);
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: LOADERS });
}

/** A bounded pipeline; of an animation it reads the first frame. */
export function pipelineOf(source: Buffer): Sharp {
  return sharp(source, {
    limitInputPixels: PIXELS_MAX,
    // Truncated and broken files are refused; what decoders merely warn of is common, and harmless.
    failOn: 'error',
  }).timeout({ seconds: WORK_MAX_S });
}
