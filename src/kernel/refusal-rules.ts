import type { RefusalCode } from '@parley/protocol';

/** The close code's name, for refusals that end the session. */
export type SessionEnd = 'unauthorized' | 'revoked';

/** What a code means, on every transport. */
export interface RefusalRule {
  /** Of the HTTP response. */
  readonly status: number;
  /**
   * Whose fault it is. Only `client` counts as abuse: a correct program causes none of those. A
   * `person` errs in what no program can know, and the `service` has troubles of its own.
   */
  readonly fault: 'client' | 'person' | 'service';
  /** The same request may succeed later. */
  readonly retryable?: true;
  /** The session ends, or does not begin: the token is at fault. */
  readonly ends?: SessionEnd;
}

/** The rule of each code. */
export const REFUSALS: Readonly<Record<RefusalCode, RefusalRule>> = {
  'bad-json': { status: 400, fault: 'client' },
  'too-deep': { status: 400, fault: 'client' },
  'not-text': { status: 400, fault: 'client' },
  'unknown-type': { status: 400, fault: 'client' },
  'unknown-field': { status: 400, fault: 'client' },
  'invalid-field': { status: 400, fault: 'client' },
  'invalid-body': { status: 400, fault: 'client' },
  'text-too-long': { status: 400, fault: 'person' },
  'self-recipient': { status: 400, fault: 'person' },
  'username-invalid': { status: 400, fault: 'person' },
  'bad-request': { status: 400, fault: 'client' },
  'unsupported-client': { status: 400, fault: 'client' },
  unauthorized: { status: 401, fault: 'client', ends: 'unauthorized' },
  'invalid-token': { status: 401, fault: 'client', ends: 'unauthorized' },
  'token-expired': { status: 401, fault: 'client', ends: 'unauthorized' },
  'session-revoked': { status: 401, fault: 'client', ends: 'revoked' },
  'invalid-credentials': { status: 401, fault: 'person' },
  'not-a-member': { status: 403, fault: 'person' },
  'wrong-password': { status: 403, fault: 'person' },
  'registration-closed': { status: 403, fault: 'person' },
  'guests-closed': { status: 403, fault: 'person' },
  'guest-has-no-password': { status: 403, fault: 'person' },
  'foreign-origin': { status: 403, fault: 'client' },
  'unknown-recipient': { status: 404, fault: 'person' },
  'not-found': { status: 404, fault: 'client' },
  'unknown-namespace': { status: 404, fault: 'client' },
  'method-not-allowed': { status: 405, fault: 'client' },
  'request-timeout': { status: 408, fault: 'client' },
  forbidden: { status: 403, fault: 'person' },
  banned: { status: 403, fault: 'person' },
  'not-author': { status: 403, fault: 'person' },
  'too-late': { status: 403, fault: 'person' },
  'invitation-invalid': { status: 404, fault: 'person' },
  'unknown-message': { status: 404, fault: 'person' },
  'room-exists': { status: 409, fault: 'person' },
  'room-full': { status: 409, fault: 'person' },
  'too-many-rooms': { status: 409, fault: 'person' },
  'room-archived': { status: 409, fault: 'person' },
  'last-owner': { status: 409, fault: 'person' },
  'limit-reached': { status: 409, fault: 'person' },
  'edit-conflict': { status: 409, fault: 'person' },
  'attachment-unknown': { status: 404, fault: 'person' },
  'attachment-not-ready': { status: 409, fault: 'person', retryable: true },
  'quota-exceeded': { status: 409, fault: 'person' },
  'message-deleted': { status: 410, fault: 'person' },
  'ref-conflict': { status: 409, fault: 'client' },
  'username-taken': { status: 409, fault: 'person' },
  'too-large': { status: 413, fault: 'client' },
  'unsupported-media-type': { status: 415, fault: 'client' },
  'upgrade-required': { status: 426, fault: 'client' },
  'rate-limited': { status: 429, fault: 'client', retryable: true },
  'too-many-connections': { status: 429, fault: 'client', retryable: true },
  'too-many-headers': { status: 431, fault: 'client' },
  'headers-too-large': { status: 431, fault: 'client' },
  internal: { status: 500, fault: 'service' },
  'too-many-guests': { status: 503, fault: 'service', retryable: true },
  busy: { status: 503, fault: 'service', retryable: true },
  'store-unavailable': { status: 503, fault: 'service', retryable: true },
  'index-behind': { status: 503, fault: 'service', retryable: true },
  stopping: { status: 503, fault: 'service', retryable: true },
};
