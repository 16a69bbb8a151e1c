import type { ReadPicture } from '../picture-reader.js';

/** What the event loop asks of the program that reads pictures: one at a time. */
export interface PictureJob {
  /** The file itself, or its path. */
  readonly source: Buffer | string;
  readonly type: string;
}

/** What the program says: once when it can work, then once for each job. */
export type PictureReport =
  | { readonly state: 'ready' }
  /** Null: not a picture that can be shown. */
  | { readonly state: 'done'; readonly picture: ReadPicture | null };
