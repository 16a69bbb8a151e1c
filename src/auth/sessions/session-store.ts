/** One login, from its first tokens to its end. Its id is the `sid` of its access tokens. */
export interface StoredSession {
  readonly id: string;
  readonly userId: string;
  /** All times in milliseconds since the epoch. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What a one-time ticket grants. */
export interface TicketClaim {
  readonly sessionId: string;
  readonly userId: string;
  readonly username: string;
  /** When the access token ends that the ticket was issued for (ms since the epoch). */
  readonly sessionExpiresAt: number;
}

export interface Surplus {
  readonly userId: string;
  /** Sessions that stay: those opened or refreshed last. */
  readonly keep: number;
  readonly now: number;
  /** When the others may be pruned (ms since the epoch). */
  readonly until: number;
}

export interface PasswordChange {
  readonly userId: string;
  /** Hashes: of the password that was proved, and of the new one. */
  readonly from: string;
  readonly to: string;
  /** The session that stays. */
  readonly except: string;
  readonly now: number;
}

/** Successors of one refresh token that were issued within this time of each other all work. */
export const TOGETHER_MS = 60_000;

/** The outcome of presenting a refresh token. */
export type Rotation =
  /** `repeated`: it was exchanged before, and none of its successors was used. */
  | { readonly status: 'rotated' | 'repeated'; readonly session: StoredSession }
  | { readonly status: 'reused'; readonly session: StoredSession }
  /** Too many successors are unused. */
  | { readonly status: 'crowded'; readonly retryAfter: number }
  | { readonly status: 'unknown' };

/**
 * Sessions, their refresh tokens, one-time tickets, revocations.
 *
 * Tokens and tickets are known here by their SHA-256 only. What resolves is on disk. Each call is
 * atomic, also against the same call at the same time on another node.
 */
export abstract class SessionStore {
  /**
   * Opens a session for somebody who was let in by the password with this hash, or without one.
   * @returns false, with nothing stored, where the account has another password by now
   */
  abstract create(
    session: StoredSession,
    refreshHash: string,
    passwordHash: string | null,
  ): Promise<boolean>;

  /**
   * Exchanges a refresh token for a successor and extends the session.
   *
   * A token whose successors are all unused may come again, since its answer may have been lost: it
   * gets one more successor (`repeated`). Successors issued within {@link TOGETHER_MS} of each
   * other all work; of others only the first to be used. A token that comes after one of its
   * successors was used, or after another one in its place, answers `reused`, and this very call
   * revokes its session. A token that is unknown or expired, or whose session is revoked, answers
   * `unknown`; so does one exchanged hundreds of times ago, since it may have been forgotten.
   */
  abstract rotate(
    refreshHash: string,
    successorHash: string,
    successorExpiresAt: number,
    now: number,
  ): Promise<Rotation>;

  /** Ends a session. @returns false where it had ended already or never was */
  abstract revoke(sessionId: string, now: number): Promise<boolean>;

  /**
   * Replaces an account's password and ends every session of its user but one, both or neither: no
   * session that the old password opened, or is about to open, survives.
   * @returns the ids of those that this call ended; null, with nothing changed, where the account
   *   has another password than `from` by now
   */
  abstract changePassword(change: PasswordChange): Promise<readonly string[] | null>;

  /** Ends an account's sessions beyond the number to keep. @returns their ids */
  abstract endSurplus(surplus: Surplus): Promise<readonly string[]>;

  /** The sessions that were revoked at `since` or later (ms since the epoch). */
  abstract revokedSince(since: number): Promise<readonly string[]>;

  abstract putTicket(hash: string, claim: TicketClaim, expiresAt: number): Promise<void>;

  /**
   * Consumes a ticket, unless its session was revoked. However many calls bring one ticket, at most
   * one gets the claim.
   */
  abstract takeTicket(hash: string, now: number): Promise<TicketClaim | null>;

  /** Whether there is such a session that was not revoked. */
  abstract isAlive(sessionId: string): Promise<boolean>;

  /** Forgets what ended before `now`: tickets, refresh tokens, sessions. */
  abstract prune(now: number): Promise<void>;

  /** The latest time up to which anything was pruned, over restarts too; 0: nothing yet. */
  abstract prunedUntil(): Promise<number>;
}
