import { type ErrorFrame, FrameType, type RejectFrame } from '@parley/protocol';
import type { Refusal } from '../../kernel/refusal.js';
import type { Locale } from '../../kernel/locale/texts.js';
import { type CloseFrame, DO_NOT_RECONNECT } from './close-codes.js';

/**
 * How a refusal ends the session, or keeps one from starting: the client must log in again, and so
 * must be able to read why.
 * @returns null for a refusal after which the session goes on
 */
export function closeOf({ rule }: Refusal): CloseFrame | null {
  return rule.ends === undefined ? null : DO_NOT_RECONNECT[rule.ends];
}

/** @param ref the client's correlation id, where its frame had a valid one */
export function rejectFrame(refusal: Refusal, locale: Locale, ref: string | null): RejectFrame {
  const { field, retryAfter, needs, limit } = refusal.details;
  return {
    type: FrameType.Reject,
    ...(ref === null ? {} : { ref }),
    code: refusal.code,
    data: refusal.text(locale),
    retryable: refusal.retryable,
    ...(field === undefined ? {} : { field }),
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
    ...(needs === undefined ? {} : { needs }),
    ...(limit === undefined ? {} : { limit }),
  };
}

export function errorFrame(refusal: Refusal, locale: Locale): ErrorFrame {
  return { type: FrameType.Error, user: null, data: refusal.text(locale), code: refusal.code };
}
