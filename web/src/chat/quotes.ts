import {
  type Conversation,
  type Message,
  presentOf,
  type PresentFrame,
  RestError,
  SessionOver,
  stateOf,
} from '@parley/client';
import { signal } from '@preact/signals';
import { effectOf } from '../conversation/log-effects.js';
import type { LogFrame } from '../conversation/log-items.js';

/** Messages that are quoted and not in the window of their log. */
const KEPT = 200;

/** Messages that others quote, read one by one. Null: not there, or not to be seen. */
export class Quotes {
  private readonly known = signal<ReadonlyMap<string, Message | null>>(new Map());
  private readonly asked = new Set<string>();
  /** They are read one after the other: a page may quote many. */
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly fetchMessage: (
      conversation: Conversation,
      seq: number,
    ) => Promise<PresentFrame>,
  ) {}

  /** @returns undefined until it is known; it is asked for */
  of(conversation: Conversation, seq: number): Message | null | undefined {
    const key = keyOf(conversation, seq);
    const known = this.known.value.get(key);
    if (known === undefined && !this.asked.has(key)) {
      this.asked.add(key);
      this.last = this.last.then(() => this.load(conversation, seq));
    }
    return known;
  }

  /** What has changed is read again when it is shown. */
  hear(conversation: Conversation, frames: readonly LogFrame[]): void {
    if (this.known.value.size === 0) return;
    const effects = frames.map((frame) => effectOf(frame, '')).filter((one) => one !== null);
    const prefix = keyOf(conversation, '');
    const kept = [...this.known.value].filter(([key]) => {
      const seq = key.startsWith(prefix) ? Number(key.slice(prefix.length)) : 0;
      return !effects.some(({ low, high }) => seq >= low && seq <= high);
    });
    if (kept.length < this.known.value.size) this.known.value = new Map(kept);
  }

  private async load(conversation: Conversation, seq: number): Promise<void> {
    const key = keyOf(conversation, seq);
    try {
      this.keep(key, presentOf(stateOf(await this.fetchMessage(conversation, seq))));
    } catch (error) {
      if (error instanceof RestError && error.status > 0) this.keep(key, null);
      else if (!(error instanceof RestError) && !(error instanceof SessionOver)) throw error;
    } finally {
      this.asked.delete(key);
    }
  }

  private keep(key: string, message: Message | null): void {
    const next = new Map(this.known.value).set(key, message);
    const [oldest] = next.keys();
    if (next.size > KEPT && oldest !== undefined) next.delete(oldest);
    this.known.value = next;
  }
}

function keyOf(conversation: Conversation, seq: number | ''): string {
  return `${conversation}\n${String(seq)}`;
}
