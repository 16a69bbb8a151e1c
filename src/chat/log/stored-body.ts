/**
 * An event's content as logs and buses carry it: opaque to them. What a kind means stands in its
 * file in chat/messages/kinds.
 */
export interface StoredBody {
  /** 1 to 32 lower-case letters and `-`. */
  readonly kind: string;
  /** The number of the event in the same conversation that this one refers to; null: none. */
  readonly target: number | null;
  readonly body: string;
}
