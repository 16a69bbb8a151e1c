import type { RefusalCode } from '@parley/protocol';
import { type Locale, refusalText } from './locale/texts.js';

/**
 * A request that the service declines. It is data: a stable code for programs, a text for people,
 * and whether trying again can help. It never carries what the client sent.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    readonly details: RefusalDetails = {},
  ) {
    super(code);
  }

  text(locale: Locale): string {
    return refusalText(locale, this.code);
  }
}

export interface RefusalDetails {
  /** The field of the request that was at fault. */
  readonly field?: string;
  /** Trying again later, unchanged, may succeed. */
  readonly retryable?: boolean;
  /** Milliseconds after which trying again makes sense. */
  readonly retryAfter?: number;
}
