/** The result of removing guests. */
export interface Departure {
  readonly guests: number;
  /** The sessions that were ended with them. */
  readonly sessions: readonly string[];
}

/**
 * Guests' arrivals and departures. A guest can come back only by a session.
 *
 * A guest who goes loses the name, for others to take, and every session. What they wrote stays,
 * under a name that nobody can have (`deletedName`). An account that wrote and received nothing is
 * deleted in a second step, when no request can still refer to it.
 *
 * What resolves is on disk. Each call is atomic, and idempotent on several nodes at once.
 */
export abstract class GuestStore {
  /** Guests whose names are taken now. */
  abstract count(): Promise<number>;

  /**
   * Removes guests who have not visited since `before`: those longest away first, at most `limit`.
   */
  abstract expire(before: number, now: number, limit: number): Promise<Departure>;

  /** Removes the guest with this name, or a look-alike, unless they have visited since `before`. */
  abstract release(
    name: { readonly canonicalName: string; readonly skeleton: string },
    before: number,
    now: number,
  ): Promise<Departure>;

  /**
   * Removes a guest who has no session left, and neither sent anything nor received anything in
   * private.
   * @returns false where that is not so
   */
  abstract leave(userId: string, now: number): Promise<boolean>;

  /**
   * Deletes accounts of guests who went before that time and left nothing, at most `limit`.
   * @returns how many
   */
  abstract forget(before: number, limit: number): Promise<number>;
}
