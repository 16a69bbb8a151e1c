import type { RefusalCode } from '../refusal-codes.js';

export const REJECT = 7;

/** A frame was not carried out; the session goes on. */
export interface RejectFrame {
  readonly type: typeof REJECT;
  /** That of the frame, where it had a valid one. */
  readonly ref?: string;
  readonly code: RefusalCode;
  /** For people, in the service's language. */
  readonly data: string;
  /** The same frame may succeed later. */
  readonly retryable: boolean;
  /** The field at fault. */
  readonly field?: string;
  /** Milliseconds after which trying again makes sense. */
  readonly retry_after?: number;
  /** The least role that may do it. */
  readonly needs?: string;
  /** The bound that was reached. */
  readonly limit?: number;
}
