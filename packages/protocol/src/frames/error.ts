import type { RefusalCode } from '../refusal-codes.js';

export const ERROR = 0;

/** The session is over; a close follows at once. */
export interface ErrorFrame {
  readonly type: typeof ERROR;
  readonly user: null;
  /** For people, in the service's language. */
  readonly data: string;
  readonly code: RefusalCode;
}
