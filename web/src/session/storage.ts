import { basePath } from './base.js';

/** `tab`: gone with the tab. `browser`: for all tabs, until it is removed. */
export type Place = 'tab' | 'browser';

/**
 * The browser's storage may be switched off or full, and then throws. The page works without it,
 * only forgetting more.
 */
export function readText(place: Place, key: string): string | null {
  try {
    return storageOf(place).getItem(scoped(key));
  } catch {
    return null;
  }
}

export function writeText(place: Place, key: string, text: string): void {
  try {
    storageOf(place).setItem(scoped(key), text);
  } catch {
    removeText(place, key);
  }
}

export function removeText(place: Place, key: string): void {
  try {
    storageOf(place).removeItem(scoped(key));
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
    const storage = storageOf(place);
    for (const key of Object.keys(storage)) {
      const isOthers = except === null || key !== scoped(prefix + except);
      if (key.startsWith(scoped(prefix)) && isOthers) storage.removeItem(key);
    }
  } catch {
    return;
  }
}

/**
 * The name under which a key is stored, or a lock is held. Services below different paths of one host
 * share its storage, but not sessions.
 */
export function scoped(key: string): string {
  return basePath() + key;
}

/** Even to name a storage throws where it is switched off. */
function storageOf(place: Place): Storage {
  return place === 'tab' ? sessionStorage : localStorage;
}
