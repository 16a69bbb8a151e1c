import type { StoredBody } from '../../log/event.js';

/** What is to be stored of an event's body, and whether it takes an `n`. */
export interface NewBody extends StoredBody {
  readonly counts: boolean;
}

/** What one kind of event means: the one place that looks into its body. */
export interface EventKind<Body extends { readonly kind: string }> {
  readonly kind: Body['kind'];

  /** @throws Error where the body is none of this kind: a defect, or a damaged log */
  read(stored: StoredBody): Body;

  /** What its frame says beyond author, place and numbers; the frame itself is the gateway's. */
  fields(body: Body): object;
}
