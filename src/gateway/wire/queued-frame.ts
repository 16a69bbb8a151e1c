/** What a frame is worth when a reader is slow: presence is dropped first, messages never. */
export type Weight = 'message' | 'presence';

/** A frame that a room is told at the next flush, as one format has it. */
export interface QueuedFrame {
  readonly bytes: Buffer;
  readonly weight: Weight;
  /** The connection that said it; null where nobody did. */
  readonly origin: string | null;
}
