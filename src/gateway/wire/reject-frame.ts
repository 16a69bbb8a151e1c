import { type ErrorFrame, FrameType, type RefusalCode, type RejectFrame } from '@parley/protocol';
import type { Refusal } from '../../kernel/refusal.js';
import type { Locale } from '../../kernel/locale/texts.js';
import { type CloseFrame, DO_NOT_RECONNECT } from './close-codes.js';

/** The token is what is wrong: the client must log in again, and so must be able to read it. */
const OVER: ReadonlySet<RefusalCode> = new Set([
  'invalid-token',
  'session-revoked',
  'token-expired',
  'unauthorized',
]);

/** Whether the refusal ends the session, or lets none begin. */
export function isOver(refusal: Refusal): boolean {
  return OVER.has(refusal.code);
}

/** How a session ends that is over. */
export function closeOf(refusal: Refusal): CloseFrame {
  return refusal.code === 'session-revoked'
    ? DO_NOT_RECONNECT.revoked
    : DO_NOT_RECONNECT.unauthorized;
}

/** @param ref the client's own correlation, where its frame had a valid one */
export function rejectFrame(refusal: Refusal, locale: Locale, ref: string | null): RejectFrame {
  const { field, retryable = false, retryAfter } = refusal.details;
  return {
    type: FrameType.Reject,
    ...(ref === null ? {} : { ref }),
    code: refusal.code,
    data: refusal.text(locale),
    retryable,
    ...(field === undefined ? {} : { field }),
    ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
  };
}

export function errorFrame(refusal: Refusal, locale: Locale): ErrorFrame {
  return { type: FrameType.Error, user: null, data: refusal.text(locale), code: refusal.code };
}
