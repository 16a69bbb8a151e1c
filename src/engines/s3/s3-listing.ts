const KEY = /<Key>([\w/.-]{1,128})<\/Key>/g;

/** The keys that a list of objects names. Ours need no escape in XML: others are not ours. */
export function keysIn(listing: string): readonly string[] {
  return [...listing.matchAll(KEY)].map(([, key = '']) => key);
}
