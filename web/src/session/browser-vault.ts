import type { Exclusively, KeptTokens, TokenVault } from '../../../client/token-session.js';
import { randomRef } from '../../../client/refs.js';
import { type Place, readJson, readText, removeText, scoped, writeText } from './storage.js';

const TOKENS = 'parley.tokens';
const TAB = 'parley.tab';
/** What one tab writes reaches the others a moment later. */
const STORAGE_DELAY_MS = 50;
/** A reload asks for the lock of its tab while the page before is still being cleared away. */
const TAB_LOCK_WAIT_MS = 1_000;

/**
 * Keeps the tokens in the browser: for this tab only, so that they go with it, or, where the
 * person wants to stay logged in, for all tabs until logout.
 */
export class BrowserVault implements TokenVault {
  private constructor(readonly place: Place) {}

  static create(stay: boolean): BrowserVault {
    return new BrowserVault(stay ? 'browser' : 'tab');
  }

  /** The vault that holds tokens, those of the tab before those of the browser. */
  static async find(): Promise<BrowserVault | null> {
    const own = new BrowserVault('tab');
    if (own.load() !== null) {
      if (await holdsTab()) return own;
      own.clear();
    }
    const shared = new BrowserVault('browser');
    return shared.load() === null ? null : shared;
  }

  load(): KeptTokens | null {
    const value = readJson(this.place, TOKENS);
    return isTokens(value) ? value : null;
  }

  save(tokens: KeptTokens): void {
    writeText(this.place, TOKENS, JSON.stringify(tokens));
    if (this.place === 'tab') void holdsTab();
  }

  clear(): void {
    removeText(this.place, TOKENS);
  }

  /**
   * Tells what other tabs do to shared tokens; null: they logged out.
   * @returns ends the subscription
   */
  watch(listener: (tokens: KeptTokens | null) => void): () => void {
    const onStorage = (event: StorageEvent): void => {
      const isOurs = event.key === scoped(TOKENS) || event.key === null;
      if (isOurs && this.place === 'browser') listener(this.load());
    };
    window.addEventListener('storage', onStorage);
    return () => {
      window.removeEventListener('storage', onStorage);
    };
  }
}

/** Pages over plain HTTP have no locks; there two tabs may meet, and the later one logs in anew. */
export const exclusively: Exclusively = async (task) => {
  if (!('locks' in navigator)) return task();
  return navigator.locks.request(scoped('parley.refresh'), async () => {
    const result = await task();
    await new Promise((resolve) => setTimeout(resolve, STORAGE_DELAY_MS));
    return result;
  });
};

let tabIsHeld: Promise<boolean> | null = null;

/**
 * Whether this tab's storage is its own. Duplicating a tab copies its storage, tokens included,
 * and two users of one refresh token would end the session for both.
 */
function holdsTab(): Promise<boolean> {
  tabIsHeld ??= claimTab();
  return tabIsHeld;
}

function claimTab(): Promise<boolean> {
  if (!('locks' in navigator)) return Promise.resolve(true);
  const known = readText('tab', TAB);
  const id = known ?? randomRef();
  writeText('tab', TAB, id);
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(TAB_LOCK_WAIT_MS);
    navigator.locks
      .request(`parley.tab.${id}`, { signal }, () => {
        resolve(true);
        // Held until the tab is gone.
        return new Promise<never>(() => undefined);
      })
      .catch(() => {
        removeText('tab', TAB);
        tabIsHeld = null;
        resolve(false);
      });
  });
}

function isTokens(value: unknown): value is KeptTokens {
  return (
    typeof value === 'object' &&
    value !== null &&
    'refreshToken' in value &&
    'accessToken' in value &&
    'expiresAt' in value &&
    'user' in value
  );
}
