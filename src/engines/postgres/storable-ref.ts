/** Prefix of an escaped ref. */
const ESCAPED = '\u0001';

/** NUL or a lone surrogate: JavaScript's strings can hold them, PostgreSQL's text cannot. */
const NOT_STORABLE = /[\0\p{Surrogate}]/u;

/**
 * A ref as stored. Refs are compared and never read back, so an encoding that keeps distinct refs
 * distinct is enough.
 */
export function storableRef(ref: string): string {
  if (!NOT_STORABLE.test(ref) && !ref.startsWith(ESCAPED)) return ref;
  return ESCAPED + JSON.stringify(ref);
}
