import type { Conversation, Unread } from '@parley/client';
import { computed, signal } from '@preact/signals';
import { readJson, writeText } from '../session/storage.js';

interface Mark {
  /** The highest number of the conversation. */
  readonly head: number;
  /** The highest number that was read. */
  readonly read: number;
}

interface RoomMark {
  /** The highest number that was read, and how many messages stand behind it. */
  readonly seq: number;
  readonly unread: number;
}

/** Conversations whose marks are remembered. */
const REMEMBERED = 200;

/** What was read of each conversation, remembered on this device for each person, in all tabs. */
export class ReadMarks {
  private readonly marks = signal<ReadonlyMap<Conversation, Mark>>(new Map());
  private readonly remembered: Map<Conversation, number>;
  /** What another tab has read of messages that have not arrived in this one yet. */
  private readonly ahead = new Map<Conversation, number>();
  /** Marks of rooms, which the service keeps for all devices. */
  private readonly ofRooms = signal<ReadonlyMap<Conversation, RoomMark>>(new Map());
  private readonly key: string;
  private readonly onStorage = (event: StorageEvent): void => {
    if (event.key === this.key) this.hear(load(this.key));
  };

  /** Unread messages in all conversations. */
  readonly total = computed(() => {
    let sum = 0;
    for (const mark of this.marks.value.values()) sum += mark.head - mark.read;
    for (const { unread } of this.ofRooms.value.values()) sum += unread;
    return sum;
  });

  /** @param rooms counts what is unread in rooms, by number, and tells the service what was read */
  constructor(
    userId: string,
    private readonly rooms: Pick<Unread, 'markRead'>,
    private readonly isRoom: (conversation: Conversation) => boolean,
  ) {
    this.key = `parley.read.${userId}`;
    this.remembered = load(this.key);
  }

  /** Hears from now on what other tabs read: they write it down, and the browser tells. */
  listen(): void {
    window.addEventListener('storage', this.onStorage);
  }

  stop(): void {
    window.removeEventListener('storage', this.onStorage);
  }

  /** What was read of a room, here or elsewhere; null: the person is not in it. */
  room(conversation: Conversation, mark: RoomMark | null): void {
    const marks = new Map(this.ofRooms.value);
    if (mark === null) marks.delete(conversation);
    else marks.set(conversation, mark);
    this.ofRooms.value = marks;
  }

  unread(conversation: Conversation): number {
    if (this.isRoom(conversation)) return this.ofRooms.value.get(conversation)?.unread ?? 0;
    const mark = this.marks.value.get(conversation);
    return mark === undefined ? 0 : mark.head - mark.read;
  }

  read(conversation: Conversation): number {
    if (this.isRoom(conversation)) return this.ofRooms.value.get(conversation)?.seq ?? 0;
    return this.marks.value.get(conversation)?.read ?? 0;
  }

  /**
   * There are messages up to `head`.
   * @param assumedRead up to where they count as read, where this device remembers nothing
   */
  reach(conversation: Conversation, head: number, assumedRead: number): void {
    const mark = this.marks.value.get(conversation);
    if (this.isRoom(conversation) || (mark !== undefined && mark.head >= head)) return;
    const known = mark?.read ?? this.remembered.get(conversation) ?? assumedRead;
    const ahead = this.ahead.get(conversation) ?? 0;
    if (ahead <= head) this.ahead.delete(conversation);
    this.set(conversation, { head, read: Math.min(Math.max(known, ahead), head) });
  }

  /** The conversation ends at `head` now, below what was there before. */
  goBack(conversation: Conversation, head: number): void {
    if (this.isRoom(conversation)) return;
    const read = Math.min(this.read(conversation), head);
    this.ahead.delete(conversation);
    this.set(conversation, { head, read });
  }

  /** Everything up to `seq` was read. */
  markRead(conversation: Conversation, seq: number): void {
    if (this.isRoom(conversation)) {
      if (this.unread(conversation) > 0) this.rooms.markRead(conversation, seq);
      return;
    }
    const mark = this.marks.value.get(conversation);
    if (mark === undefined || mark.read >= seq) return;
    this.set(conversation, { head: Math.max(mark.head, seq), read: seq });
  }

  markAllRead(conversation: Conversation): void {
    if (this.isRoom(conversation) && this.unread(conversation) > 0) {
      this.rooms.markRead(conversation);
    } else this.markRead(conversation, this.marks.value.get(conversation)?.head ?? 0);
  }

  /** Takes what another tab has read and written down, where that is more. */
  hear(others: ReadonlyMap<Conversation, number>): void {
    const marks = new Map(this.marks.value);
    for (const [conversation, read] of others) {
      const mark = marks.get(conversation);
      const known = mark?.read ?? this.remembered.get(conversation) ?? 0;
      if (read <= known) continue;
      if (mark !== undefined && read > mark.head) this.ahead.set(conversation, read);
      const reached = Math.min(read, mark?.head ?? read);
      this.remembered.set(conversation, reached);
      if (mark !== undefined) marks.set(conversation, { head: mark.head, read: reached });
    }
    this.marks.value = marks;
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
