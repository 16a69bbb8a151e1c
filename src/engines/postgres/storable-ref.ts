/** Before a ref that is written otherwise than it came. */
const ESCAPED = '\u0001';

/** A zero, or half of a character: JavaScript's strings can hold them, PostgreSQL's text cannot. */
const NOT_STORABLE = /[\0\p{Surrogate}]/u;

/**
 * A ref as it is kept. Refs are compared and never read back, so it is enough that two of them are
 * the same here where they were the same before.
 */
export function storableRef(ref: string): string {
  if (!NOT_STORABLE.test(ref) && !ref.startsWith(ESCAPED)) return ref;
  return ESCAPED + JSON.stringify(ref);
}
