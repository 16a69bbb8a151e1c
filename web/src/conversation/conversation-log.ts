import type { HistoryPage, PageQuery } from '@parley/client';
import { FrameType, type MessageFrame, type PresenceFrame } from '@parley/protocol';
import { signal } from '@preact/signals';
import { Follow } from './follow.js';

/** Something that stands in the log: a message, or that somebody came or went. */
export type LogItem =
  | { readonly kind: 'message'; readonly key: string; readonly frame: MessageFrame }
  | { readonly kind: 'notice'; readonly key: string; readonly frame: PresenceFrame };

export type Loading = 'older' | 'newer' | 'latest' | 'failed' | null;

const PAGE_SIZE = 60;
/** Messages shown before the first unread one, where its page is loaded. */
const CONTEXT = 12;
/** Items kept while the reader follows the newest ones. */
const FOLLOWED = 300;
/** Beyond FOLLOWED by so many the oldest go: seldom, many at a time. */
const SLACK = 100;
/** Items kept while the reader is somewhere above. */
const MOST = 700;
/** The newest messages, kept to join what is loaded to what goes on. */
const TAIL = 200;

/**
 * A window over one conversation: a contiguous run of its messages, as many as a page can show
 * without effort. It follows the newest messages, or is moved up and down over the history; then
 * it is `detached`, and what arrives is not in it.
 */
export class ConversationLog {
  readonly items = signal<readonly LogItem[]>([]);
  readonly hasOlder = signal(true);
  /** There are newer messages than the window shows, or nothing was loaded yet. */
  readonly isDetached = signal(true);
  readonly loading = signal<Loading>(null);
  /** Whether the reader is at the end and wants to stay there. */
  readonly follow = new Follow();
  private tail: readonly MessageFrame[] = [];
  private noticeCount = 0;
  private generation = 0;

  constructor(private readonly fetchPage: (query: PageQuery) => Promise<HistoryPage>) {}

  /** Takes new messages, contiguous and ascending. */
  receive(frames: readonly MessageFrame[]): void {
    this.tail = [...this.tail, ...frames].slice(-TAIL);
    if (this.isDetached.value) {
      // A page that was read a moment before its conversation's head: what lacks has come now.
      if (this.isFollowed && this.loading.value === null) void this.loadLatest();
      return;
    }
    const last = lastSeq(this.items.value);
    const fresh = frames.filter((frame) => frame.seq > last);
    const isJoined = fresh.length === 0 || fresh[0]?.seq === last + 1;
    if (isJoined) this.append(fresh.map(messageItem));
    else this.isDetached.value = true;
    if (!isJoined && this.isFollowed) void this.loadLatest();
  }

  /** Takes comings and goings. They are not part of the history: seen by who is there only. */
  notice(frames: readonly PresenceFrame[]): void {
    if (this.isDetached.value) return;
    this.append(
      frames.map((frame) => {
        this.noticeCount += 1;
        return { kind: 'notice', key: `n${String(this.noticeCount)}`, frame };
      }),
    );
  }

  /** Shows the newest messages. */
  async loadLatest(): Promise<void> {
    this.follow.follow();
    await this.load('latest', { limit: PAGE_SIZE }, (page) => {
      this.hasOlder.value = (page.items[0]?.seq ?? 1) > 1;
      this.join(page.items.map(messageItem), page.head);
    });
  }

  /** Shows the messages from `seq` on, with a few before them, where they are not shown yet. */
  async loadFrom(seq: number): Promise<void> {
    const first = firstSeq(this.items.value);
    if (first !== null && first <= seq && seq <= lastSeq(this.items.value)) return;
    const after = Math.max(0, seq - 1 - CONTEXT);
    await this.load('latest', { after, limit: PAGE_SIZE }, (page) => {
      this.hasOlder.value = (page.items[0]?.seq ?? 1) > 1;
      this.join(page.items.map(messageItem), page.head);
    });
  }

  async loadOlder(): Promise<void> {
    const before = firstSeq(this.items.value);
    if (!this.hasOlder.value || before === null || this.isBusy()) return;
    await this.load('older', { before, limit: PAGE_SIZE }, (page) => {
      const items = [...page.items.map(messageItem), ...this.items.value];
      this.hasOlder.value = (page.items[0]?.seq ?? 1) > 1;
      if (items.length > MOST) this.isDetached.value = true;
      this.items.value = items.slice(0, MOST);
    });
  }

  async loadNewer(): Promise<void> {
    if (!this.isDetached.value || this.items.value.length === 0 || this.isBusy()) return;
    const after = lastSeq(this.items.value);
    await this.load('newer', { after, limit: PAGE_SIZE }, (page) => {
      const items = [...this.items.value, ...page.items.map(messageItem)];
      if (items.length > MOST) this.hasOlder.value = true;
      this.join(items.slice(-MOST), page.head);
    });
  }

  /** Forgets the window, as after a jump of the conversation that nobody followed. */
  async restart(): Promise<void> {
    this.tail = [];
    this.items.value = [];
    this.isDetached.value = true;
    await this.loadLatest();
  }

  private get isFollowed(): boolean {
    return this.follow.mode === 'following';
  }

  private isBusy(): boolean {
    return this.loading.value !== null && this.loading.value !== 'failed';
  }

  private async load(
    what: 'older' | 'newer' | 'latest',
    query: PageQuery,
    take: (page: HistoryPage) => void,
  ): Promise<void> {
    this.generation += 1;
    const generation = this.generation;
    this.loading.value = what;
    try {
      const page = await this.fetchPage(query);
      if (generation !== this.generation) return;
      this.loading.value = null;
      take(page);
    } catch {
      // The log itself says that loading failed, and offers to try again.
      if (generation === this.generation) this.loading.value = 'failed';
    }
  }

  /** Shows items and, where they reach to what has arrived meanwhile, that too. */
  private join(items: readonly LogItem[], head: number): void {
    const joined = [...items];
    let last = lastSeq(joined);
    for (const frame of this.tail) {
      if (frame.seq !== last + 1) continue;
      joined.push(messageItem(frame));
      last = frame.seq;
    }
    this.items.value = joined;
    this.isDetached.value = last < Math.max(head, this.tail.at(-1)?.seq ?? 0);
  }

  private append(added: readonly LogItem[]): void {
    if (added.length === 0) return;
    const items = [...this.items.value, ...added];
    if (this.isFollowed && items.length > FOLLOWED + SLACK) {
      this.hasOlder.value = true;
      this.items.value = items.slice(-FOLLOWED);
    } else if (!this.isFollowed && items.length > MOST) {
      this.isDetached.value = true;
      this.items.value = items.slice(0, MOST);
    } else {
      this.items.value = items;
    }
  }
}

function messageItem(frame: MessageFrame): LogItem {
  return { kind: 'message', key: `m${String(frame.seq)}`, frame };
}

function firstSeq(items: readonly LogItem[]): number | null {
  return items.find((item) => item.kind === 'message')?.frame.seq ?? null;
}

function lastSeq(items: readonly LogItem[]): number {
  return items.findLast((item) => item.kind === 'message')?.frame.seq ?? 0;
}

export function isEntering(frame: PresenceFrame): boolean {
  return frame.type === FrameType.Enter;
}
