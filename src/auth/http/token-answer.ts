import type { Person } from '../../kernel/person.js';

/** The answer to a log-in or refresh (names of RFC 6749). */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  /** Exchanged once for its successor; again only while the successor is unused. */
  readonly refresh_token: string;
  readonly user: Person;
}
