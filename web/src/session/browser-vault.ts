import { type Exclusively, type KeptTokens, randomRef, type TokenVault } from '@parley/client';
import { type Place, readJson, readText, removeText, scoped, writeText } from './storage.js';

const TOKENS = 'parley.tokens';
const TAB = 'parley.tab';
/** What one tab writes reaches the others a moment later. */
const STORAGE_DELAY_MS = 50;
/** A reload asks for the lock of its tab while the page before is still being cleared away. */
const TAB_LOCK_WAIT_MS = 1_000;
/** Another tab of the same browser answers within a few milliseconds, a busy one later. */
const TAB_ANSWER_WAIT_MS = 250;

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

/**
 * Pages over plain HTTP have no locks. There tabs may refresh side by side: each gets a token that
 * works, and the last one that is kept is taken by all of them.
 */
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
 * and two users of one refresh token end the session for both, sooner or later.
 */
function holdsTab(): Promise<boolean> {
  tabIsHeld ??= claimTab();
  return tabIsHeld;
}

function claimTab(): Promise<boolean> {
  const known = readText('tab', TAB);
  const id = known ?? randomRef();
  writeText('tab', TAB, id);
  return 'locks' in navigator ? claimByLock(id) : claimByAsking(id, known === null);
}

function claimByLock(id: string): Promise<boolean> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(TAB_LOCK_WAIT_MS);
    navigator.locks
      .request(`parley.tab.${id}`, { signal }, () => {
        resolve(true);
        // Held until the tab is gone.
        return new Promise<never>(() => undefined);
      })
      .catch(() => {
        forgetTab();
        resolve(false);
      });
  });
}

/**
 * Over plain HTTP: whoever holds the tab says so when another one asks for it.
 * @param isNew nobody else can have this id yet: a duplicate that is made at once gets an answer
 */
function claimByAsking(id: string, isNew: boolean): Promise<boolean> {
  const channel = new BroadcastChannel('parley.tab');
  const [question, answer] = [`who is ${id}?`, `I am ${id}`];
  const hold = (): void => {
    channel.onmessage = ({ data }) => {
      if (data === question) channel.postMessage(answer);
    };
  };
  if (isNew) {
    hold();
    return Promise.resolve(true);
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      hold();
      resolve(true);
    }, TAB_ANSWER_WAIT_MS);
    channel.onmessage = ({ data }) => {
      if (data !== answer) return;
      clearTimeout(timer);
      channel.close();
      forgetTab();
      resolve(false);
    };
    channel.postMessage(question);
  });
}

function forgetTab(): void {
  removeText('tab', TAB);
  tabIsHeld = null;
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
