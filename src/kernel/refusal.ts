import type { RefusalCode } from '@parley/protocol';
import { type Locale, refusalText } from './locale/texts.js';
import { type RefusalRule, REFUSALS } from './refusal-rules.js';

/**
 * A request that the service declines, as data: a stable code for programs, a text for people, and
 * whether trying again can help. It never carries what the client sent.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    readonly details: RefusalDetails = {},
  ) {
    super(code);
  }

  /** What its code means. */
  get rule(): RefusalRule {
    return REFUSALS[this.code];
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return this.details.retryable ?? this.rule.retryable ?? false;
  }

  text(locale: Locale): string {
    return refusalText(locale, this.code);
  }
}

export interface RefusalDetails {
  /** The field of the request that was at fault. */
  readonly field?: string;
  /** Overrides what the code's rule says. */
  readonly retryable?: boolean;
  /** Milliseconds after which trying again makes sense. */
  readonly retryAfter?: number;
  /** The least role that may do it. */
  readonly needs?: string;
  /** The bound that was reached. */
  readonly limit?: number;
}
