import type { Conversation, Message, ThreadPage } from '@parley/client';
import { signal } from '@preact/signals';
import { affect, effectOf } from '../conversation/log-effects.js';
import { isMessage, itemOf, type LogFrame, type MessageItem } from '../conversation/log-items.js';

/** Entries that are remembered until the first page is there. */
const MOST_WAITING = 2_000;

/** What is said in a thread: pages of it, with what comes while it is open. */
export class ThreadLog {
  /** Its first message; null: not loaded yet. */
  readonly root = signal<MessageItem | null>(null);
  /** Ascending. */
  readonly items = signal<readonly MessageItem[]>([]);
  /** The number before which there is more; null: nothing. */
  readonly before = signal<number | null>(null);
  private waiting: readonly LogFrame[] = [];

  constructor(
    readonly conversation: Conversation,
    private readonly rootSeq: number,
    private readonly selfId: string,
  ) {}

  find(seq: number): Message | undefined {
    const all = [this.root.value, ...this.items.value];
    return all.find((one) => one?.seq === seq)?.message;
  }

  /** @param at up to where the log was known when the page was asked for */
  take({ root, items, next_before: before }: ThreadPage, at: number): void {
    const known = new Set(this.items.value.map(({ seq }) => seq));
    const fresh = items.filter(({ seq }) => !known.has(seq)).map((frame) => itemOf(frame, at));
    this.root.value ??= itemOf(root, at);
    this.items.value = [...fresh, ...this.items.value].sort((one, next) => one.seq - next.seq);
    this.before.value = before;
    const { waiting } = this;
    this.waiting = [];
    this.receive(this.conversation, waiting);
  }

  receive(conversation: Conversation, frames: readonly LogFrame[]): void {
    if (conversation !== this.conversation) return;
    const { root } = this;
    if (root.value === null) {
      this.waiting = [...this.waiting, ...frames].slice(-MOST_WAITING);
      return;
    }
    const effects = frames.map((one) => effectOf(one, this.selfId)).filter((one) => one !== null);
    const last = this.items.value.at(-1)?.seq ?? 0;
    const said = frames
      .filter(isMessage)
      .filter(({ thread, seq }) => thread === this.rootSeq && seq > last)
      .map((frame) => itemOf(frame));
    [root.value = root.value] = affect([root.value], effects);
    this.items.value = affect([...this.items.value, ...said], effects);
  }
}
