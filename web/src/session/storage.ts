/**
 * The browser's storage may be switched off or full, and then throws. The page works without it,
 * only forgetting more.
 */
export function readText(storage: Storage, key: string): string | null {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

export function writeText(storage: Storage, key: string, text: string): void {
  try {
    storage.setItem(key, text);
  } catch {
    removeText(storage, key);
  }
}

export function removeText(storage: Storage, key: string): void {
  try {
    storage.removeItem(key);
  } catch {
    return;
  }
}

/** @returns null where there is nothing, or nothing readable */
export function readJson(storage: Storage, key: string): unknown {
  const text = readText(storage, key);
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
