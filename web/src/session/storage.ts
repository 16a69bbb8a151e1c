/** `tab`: gone with the tab. `browser`: for all tabs, until it is removed. */
export type Place = 'tab' | 'browser';

/**
 * The browser's storage may be switched off or full, and then throws. The page works without it,
 * only forgetting more.
 */
export function readText(place: Place, key: string): string | null {
  try {
    return storageOf(place).getItem(key);
  } catch {
    return null;
  }
}

export function writeText(place: Place, key: string, text: string): void {
  try {
    storageOf(place).setItem(key, text);
  } catch {
    removeText(place, key);
  }
}

export function removeText(place: Place, key: string): void {
  try {
    storageOf(place).removeItem(key);
  } catch {
    return;
  }
}

/** @returns null where there is nothing, or nothing readable */
export function readJson(place: Place, key: string): unknown {
  const text = readText(place, key);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Removes what is kept for single persons under a common prefix.
 * @param except the id of the person whose own stays; null: nobody's does
 */
export function removeOthers(place: Place, prefix: string, except: string | null): void {
  try {
    for (const key of Object.keys(storageOf(place))) {
      const isOthers = except === null || key !== prefix + except;
      if (key.startsWith(prefix) && isOthers) removeText(place, key);
    }
  } catch {
    return;
  }
}

/** Even to name a storage throws where it is switched off. */
function storageOf(place: Place): Storage {
  return place === 'tab' ? sessionStorage : localStorage;
}
