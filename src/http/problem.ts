import type { RefusalCode } from '@parley/protocol';
import { STATUS_CODES } from 'node:http';
import type { Refusal } from '../kernel/refusal.js';
import type { Locale } from '../kernel/locale/texts.js';

/** Problem details (RFC 9457), the shape of every error of the REST interface. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  /** For programs: stable. */
  readonly code: RefusalCode;
  /** For people, in the language of the service. */
  readonly detail: string;
  /** The field of the request that was at fault. */
  readonly field?: string;
  /** The least role that may do it. */
  readonly needs?: string;
  /** The bound that was reached. */
  readonly limit?: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Also in the log. */
  readonly request_id: string;
}

export function problemOf(refusal: Refusal, locale: Locale, requestId: string): Problem {
  const { status } = refusal.rule;
  const { field, needs, limit } = refusal.details;
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code: refusal.code,
    detail: refusal.text(locale),
    ...(field === undefined ? {} : { field }),
    ...(needs === undefined ? {} : { needs }),
    ...(limit === undefined ? {} : { limit }),
    retryable: refusal.retryable,
    request_id: requestId,
  };
}
