import type { RefusalCode } from '@parley/protocol';

/** The refusal for an error of the framework or of the HTTP parser. */
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
