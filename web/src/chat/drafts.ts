import type { Conversation } from '@parley/client';
import { readJson, removeOthers, removeText, writeText } from '../session/storage.js';

const PREFIX = 'parley.drafts.';
/** Conversations whose drafts are kept; the one written in longest ago goes first. */
const KEPT = 50;
/** UTF-16 units; a longer text is there until the page is left, and not after a reload. */
const LONGEST = 20_000;
/** Milliseconds between a key and the storage: not each key is worth a write. */
const WRITE_AFTER_MS = 250;

/**
 * What somebody has begun to write, by conversation. It outlives a reload and a session that ended,
 * in this tab, until they log out or somebody else logs in.
 */
export class Drafts {
  private readonly texts: Map<Conversation, string>;
  private readonly key: string;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly onLeave = (): void => {
    this.flush();
  };

  constructor(userId: string) {
    this.key = PREFIX + userId;
    this.texts = load(this.key);
    window.addEventListener('pagehide', this.onLeave);
  }

  of(conversation: Conversation): string {
    return this.texts.get(conversation) ?? '';
  }

  keep(conversation: Conversation, text: string): void {
    this.texts.delete(conversation);
    if (text !== '') this.texts.set(conversation, text);
    for (const oldest of this.texts.keys()) {
      if (this.texts.size <= KEPT) break;
      this.texts.delete(oldest);
    }
    this.timer ??= setTimeout(this.onLeave, WRITE_AFTER_MS);
  }

  /** Writes what is not written yet, and no more after that. */
  close(): void {
    this.flush();
    window.removeEventListener('pagehide', this.onLeave);
  }

  private flush(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    const kept = [...this.texts].filter(([, text]) => text.length <= LONGEST);
    if (kept.length === 0) removeText('tab', this.key);
    else writeText('tab', this.key, JSON.stringify(Object.fromEntries(kept)));
  }
}

/** @param except the person whose drafts stay; null: nobody's do */
export function forgetDrafts(except: string | null): void {
  removeOthers('tab', PREFIX, except);
}

function load(key: string): Map<Conversation, string> {
  const value = readJson('tab', key);
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(
    Object.entries(value).filter((entry): entry is [string, string] => {
      return typeof entry[1] === 'string';
    }),
  );
}
