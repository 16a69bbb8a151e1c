import type { Person } from '../../kernel/person.js';

/** What somebody gets who has come in (names of RFC 6749). */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  /** Brings its successor, once; again only while the successor was not used. */
  readonly refresh_token: string;
  readonly user: Person;
}
