const PREFIX = 'deleted-';
const DELETED = /^deleted-[0-9a-z]{26}$/i;

/** A name in the three forms that are kept, for an account that has lost its own. */
export function deletedName(id: string): {
  readonly username: string;
  readonly canonicalName: string;
  readonly skeleton: string;
} {
  const username = PREFIX + id;
  // No look of a name holds a colon, so nothing can be taken for it.
  return { username, canonicalName: username.toLowerCase(), skeleton: `deleted:${id}` };
}

/** @returns the canonical form where this is the name of an account that has lost its own */
export function readDeletedName(text: string): string | null {
  return DELETED.test(text) ? text.toLowerCase() : null;
}
