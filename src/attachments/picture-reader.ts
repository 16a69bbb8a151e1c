/** A picture without its metadata. */
export interface ReadPicture {
  readonly width: number;
  readonly height: number;
  /** Without EXIF, GPS, comments; turned as EXIF said. */
  readonly bytes: Buffer;
  /** WebP, its longest side at most 320. */
  readonly thumbnail: Buffer;
}

/** What a picture is, without its metadata. Runs off the event loop, bounded in pixels, time, memory and number at once. */
export abstract class PictureReader {
  /** @returns null: not a picture that can be shown (too many pixels, broken, too slow): then it is only a download */
  abstract read(source: Buffer | string /* path */, type: string): Promise<ReadPicture | null>;
}
