import type { RefusalCode } from '@parley/protocol';

/** The HTTP status that each refusal is answered with. */
export const STATUS_OF: Readonly<Record<RefusalCode, number>> = {
  'bad-json': 400,
  'too-deep': 400,
  'not-text': 400,
  'unknown-type': 400,
  'unknown-field': 400,
  'invalid-field': 400,
  'invalid-body': 400,
  'text-too-long': 400,
  'self-recipient': 400,
  'username-invalid': 400,
  'bad-request': 400,
  'unsupported-client': 400,
  unauthorized: 401,
  'invalid-token': 401,
  'token-expired': 401,
  'session-revoked': 401,
  'invalid-credentials': 401,
  'not-a-member': 403,
  'wrong-password': 403,
  'registration-closed': 403,
  'guests-closed': 403,
  'guest-has-no-password': 403,
  'foreign-origin': 403,
  'unknown-recipient': 404,
  'not-found': 404,
  'unknown-namespace': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'ref-conflict': 409,
  'username-taken': 409,
  'too-large': 413,
  'unsupported-media-type': 415,
  'upgrade-required': 426,
  'rate-limited': 429,
  'too-many-connections': 429,
  'too-many-headers': 431,
  'headers-too-large': 431,
  internal: 500,
  'too-many-guests': 503,
  busy: 503,
  'store-unavailable': 503,
  stopping: 503,
};

/** The refusal that stands for an error of the framework or of the HTTP parser. */
export function codeOfStatus(status: number): RefusalCode {
  switch (status) {
    case 404:
      return 'not-found';
    case 405:
      return 'method-not-allowed';
    case 413:
      return 'too-large';
    case 415:
      return 'unsupported-media-type';
    case 429:
      return 'rate-limited';
    case 503:
      return 'busy';
    default:
      return status >= 400 && status < 500 ? 'bad-request' : 'internal';
  }
}
