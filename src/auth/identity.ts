import type { Person } from '../kernel/person.js';

/** Who is asking, according to a valid access token or ticket. */
export interface Identity {
  readonly user: Person;
  /** The session that the token belongs to (`sid`). */
  readonly sessionId: string;
  /** When the access token ends (ms since the epoch). */
  readonly expiresAt: number;
}
