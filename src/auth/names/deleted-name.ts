const PREFIX = 'deleted-';
const DELETED = /^deleted-[0-9a-z]{26}$/i;

/** The three stored forms of the name of an account that has lost its own. */
export function deletedName(id: string): {
  readonly username: string;
  readonly canonicalName: string;
  readonly skeleton: string;
} {
  const username = PREFIX + id;
  // No skeleton of a name holds a colon, so nothing can collide with it.
  return { username, canonicalName: username.toLowerCase(), skeleton: `deleted:${id}` };
}

/** @returns the canonical form where this is the name of an account that has lost its own */
export function readDeletedName(text: string): string | null {
  return DELETED.test(text) ? text.toLowerCase() : null;
}
