import type { Readable } from 'node:stream';

/** What a client needs to send the bytes. */
export interface Upload {
  readonly method: 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly expires_in: number;
}

export interface NewBlob {
  readonly id: string;
  /** Bytes. */
  readonly size: number;
  /** As declared. */
  readonly type: string;
  /** Hex; null: not given. */
  readonly sha256: string | null;
}

export interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/**
 * Where the bytes of attachments lie: on this machine's disk, or in an S3-compatible store. Every method
 * throws a retryable Refusal where the store does not answer.
 */
export abstract class BlobStore {
  /** Where the client itself is to send the bytes; null where it sends them to the service. */
  abstract uploadFor(blob: NewBlob): Promise<Upload | null>;

  /** Bytes of an unfinished upload that are kept (on disk; 0 where the client sends them elsewhere). */
  abstract received(id: string): Promise<number>;

  /**
   * Appends at that offset; resolves with the bytes kept once the source ended or was cut. Never more than
   * `most` in all.
   */
  abstract append(id: string, offset: number, source: Readable, most: number): Promise<number>;

  /**
   * The whole upload as it was sent, or null where it is not complete: its size and SHA-256 (hex; null where
   * none was declared and the store has none at hand).
   */
  abstract arrived(
    blob: NewBlob,
  ): Promise<{ readonly size: number; readonly sha256: string | null } | null>;

  /**
   * The upload becomes the blob, in one step that survives kill -9; with `bytes`, those in its place (a
   * picture without metadata).
   */
  abstract seal(id: string, bytes?: Buffer): Promise<void>;

  /** Writes something beside the blob, such as a thumbnail: `name` is [a-z0-9-]. */
  abstract putBeside(id: string, name: string, bytes: Buffer, type: string): Promise<void>;

  /** The beginning of an unsealed upload, for looking at its type. */
  abstract peek(id: string, bytes: number): Promise<Buffer>;

  /** Opens a sealed blob, or what lies beside it. */
  abstract open(id: string, beside: string | null, range: ByteRange | null): Promise<Readable>;

  /**
   * A URL that gives the blob to whoever has it for that many seconds; null where the service streams it. The
   * answer must carry these headers.
   */
  abstract link(
    id: string,
    beside: string | null,
    answer: { readonly type: string; readonly disposition: string },
    seconds: number,
  ): Promise<string | null>;

  /** With everything beside it, and what was not sealed. Nothing there is no error. */
  abstract remove(ids: readonly string[]): Promise<void>;
}
