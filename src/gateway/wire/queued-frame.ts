import type { EncodedFrame } from './encoded-frame.js';

/** What a frame is worth when a reader is slow: presence is dropped first, messages never. */
export type Weight = 'message' | 'presence';

/** A frame that a room is sent at the next flush, in one format. */
export interface QueuedFrame {
  readonly bytes: Buffer;
  readonly weight: Weight;
  /** The connection it came from; null where there is none. */
  readonly origin: string | null;
  /** What some people are told in place of it; null: everybody is told the same. */
  readonly inPlace: InPlace | null;
}

/** What people are told in place of a frame, by their ids: another one, or, where it is null, nothing. */
export type InPlace = ReadonlyMap<string, EncodedFrame | null>;

/** What a room says to one of its members with one write, joined. */
export interface SharedBytes {
  readonly all: Buffer;
  /** The same without what may be dropped for a slow reader. */
  readonly essential: Buffer;
  /** Messages in it. */
  readonly messages: number;
}

/** What a room is sent with one flush. */
export interface Told {
  /** The room's name. */
  readonly room: string;
  /** The room's number that its members reach with it. */
  readonly head: number;
  readonly frames: readonly QueuedFrame[];
  /** Whether one of them came from this connection. */
  readonly said: boolean;
}

/** Encoded frames, or a function that encodes them when they are written. */
export type Waiting = Buffer | (() => Buffer);
