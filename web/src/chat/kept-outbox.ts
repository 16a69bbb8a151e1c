import type { OutboxEntry } from '@parley/client';
import { readJson, removeOthers, removeText, writeText } from '../session/storage.js';

const PREFIX = 'parley.outbox.';

/** Keeps what is not sent yet over a reload of the tab. Sent under its ref it is stored once. */
export class KeptOutbox {
  private readonly key: string;

  constructor(userId: string) {
    this.key = PREFIX + userId;
  }

  load(): readonly OutboxEntry[] {
    const value = readJson('tab', this.key);
    return Array.isArray(value) ? (value as OutboxEntry[]) : [];
  }

  save(entries: readonly OutboxEntry[]): void {
    const waiting = entries.filter((entry) => entry.state !== 'sent');
    if (waiting.length === 0) this.clear();
    else writeText('tab', this.key, JSON.stringify(waiting));
  }

  clear(): void {
    removeText('tab', this.key);
  }
}

/** @param except the person whose messages stay; null: nobody's do */
export function forgetOutboxes(except: string | null): void {
  removeOthers('tab', PREFIX, except);
}
