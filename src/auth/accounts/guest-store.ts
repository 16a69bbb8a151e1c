/** What came of guests that went. */
export interface Departure {
  readonly guests: number;
  /** The sessions that were ended with them. */
  readonly sessions: readonly string[];
}

/**
 * The coming and going of guests, who can come back by a session only.
 *
 * A guest who goes loses the name, for others to take, and every session. What they wrote stays,
 * under a name that nobody can have (`deletedName`). An account that wrote nothing and was written
 * nothing is forgotten in a second step, when nobody can have it in hand any more.
 *
 * What resolves is on disk. Each call is atomic, and harmless on several nodes at once.
 */
export abstract class GuestStore {
  /** Guests whose names are taken now. */
  abstract count(): Promise<number>;

  /** Lets guests go who made no visit since `before`: those longest away, so many at most. */
  abstract expire(before: number, now: number, limit: number): Promise<Departure>;

  /** Lets the guest go who has this name, or one that looks like it, after no visit since `before`. */
  abstract release(
    name: { readonly canonicalName: string; readonly skeleton: string },
    before: number,
    now: number,
  ): Promise<Departure>;

  /**
   * Lets a guest go who has no session left, and has said nothing and been told nothing in private.
   * @returns false where that is not so
   */
  abstract leave(userId: string, now: number): Promise<boolean>;

  /**
   * Forgets accounts of guests who went before that and left nothing, so many at most.
   * @returns how many
   */
  abstract forget(before: number, limit: number): Promise<number>;
}
