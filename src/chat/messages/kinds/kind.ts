import type { MessageState } from '../../log/message-state.js';
import type { StoredBody } from '../../log/stored-body.js';

/** The content of an event to be stored, and whether it takes an `n`. */
export interface NewBody extends StoredBody {
  readonly counts: boolean;
}

/** The meaning of one kind of event: the one place that looks into its body. */
export interface EventKind<Body extends { readonly kind: string }> {
  readonly kind: Body['kind'];

  /** @throws Error where the body is not of this kind: a defect, or a damaged log */
  read(stored: StoredBody): Body;

  /**
   * The fields of its frame besides author, conversation and numbers; the gateway builds the frame.
   * @param state what has become of the message that it is, or that it is about
   */
  fields(body: Body, state?: MessageState): object;
}
