import { computed, signal } from '@preact/signals';
import type { Conversation } from '../../../client/conversation.js';
import { readJson, writeText } from '../session/storage.js';

interface Mark {
  /** The highest number of the conversation. */
  readonly head: number;
  /** The highest number that was read. */
  readonly read: number;
}

/** Conversations whose marks are remembered. */
const REMEMBERED = 200;

/** What was read of each conversation, remembered on this device for each person. */
export class ReadMarks {
  private readonly marks = signal<ReadonlyMap<Conversation, Mark>>(new Map());
  private readonly remembered: Map<Conversation, number>;
  private readonly key: string;

  /** Unread messages in all conversations. */
  readonly total = computed(() => {
    let sum = 0;
    for (const mark of this.marks.value.values()) sum += mark.head - mark.read;
    return sum;
  });

  constructor(userId: string) {
    this.key = `parley.read.${userId}`;
    this.remembered = load(this.key);
  }

  unread(conversation: Conversation): number {
    const mark = this.marks.value.get(conversation);
    return mark === undefined ? 0 : mark.head - mark.read;
  }

  read(conversation: Conversation): number {
    return this.marks.value.get(conversation)?.read ?? 0;
  }

  /**
   * There are messages up to `head`.
   * @param assumedRead up to where they count as read, where this device remembers nothing
   */
  reach(conversation: Conversation, head: number, assumedRead: number): void {
    const mark = this.marks.value.get(conversation);
    if (mark !== undefined && mark.head >= head) return;
    const read = mark?.read ?? this.remembered.get(conversation) ?? assumedRead;
    this.set(conversation, { head, read: Math.min(read, head) });
  }

  /** The conversation ends at `head` now, below what was there before. */
  goBack(conversation: Conversation, head: number): void {
    const read = Math.min(this.read(conversation), head);
    this.set(conversation, { head, read });
  }

  /** Everything up to `seq` was read. */
  markRead(conversation: Conversation, seq: number): void {
    const mark = this.marks.value.get(conversation);
    if (mark === undefined || mark.read >= seq) return;
    this.set(conversation, { head: Math.max(mark.head, seq), read: seq });
  }

  markAllRead(conversation: Conversation): void {
    this.markRead(conversation, this.marks.value.get(conversation)?.head ?? 0);
  }

  private set(conversation: Conversation, mark: Mark): void {
    this.marks.value = new Map(this.marks.value).set(conversation, mark);
    if (this.remembered.get(conversation) === mark.read) return;
    this.remembered.delete(conversation);
    this.remembered.set(conversation, mark.read);
    const latest = [...this.remembered].slice(-REMEMBERED);
    writeText('browser', this.key, JSON.stringify(Object.fromEntries(latest)));
  }
}

function load(key: string): Map<Conversation, number> {
  const value = readJson('browser', key);
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(
    Object.entries(value).filter((entry): entry is [string, number] => {
      return typeof entry[1] === 'number';
    }),
  );
}
