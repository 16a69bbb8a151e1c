export const ACK = 6;

/** The message with this `ref` is on disk. It and the message itself come in either order. */
export interface AckFrame {
  readonly type: typeof ACK;
  readonly ref: string;
  /** Where it was said in a room. */
  readonly room?: string;
  /** Where it was said to one person: their name. */
  readonly to?: string;
  readonly id: string;
  readonly seq: number;
  readonly time: number;
}
