import type { HistoryPage, Message, PageQuery } from '@parley/client';
import type { PresenceFrame } from '@parley/protocol';
import { signal } from '@preact/signals';
import { Follow } from './follow.js';
import { affect, type Effect, effectOf } from './log-effects.js';
import {
  firstSeq,
  itemOf,
  lastSeq,
  type LogFrame,
  type LogItem,
  type TailItem,
} from './log-items.js';

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
/** The newest entries, kept to join what is loaded to what goes on. */
const TAIL = 200;
/** Changes that are remembered while a page is being loaded, which may be older than they are. */
const MOST_EFFECTS = 2_000;

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
  private tail: readonly TailItem[] = [];
  /** What came while a page was being loaded. */
  private meanwhile: readonly Effect[] = [];
  /** Up to where the window is complete. */
  private end = 0;
  private noticeCount = 0;
  private generation = 0;

  constructor(
    private readonly fetchPage: (query: PageQuery) => Promise<HistoryPage>,
    private readonly selfId: string,
  ) {}

  /** @returns a message of the window; undefined: it is not in it */
  find(seq: number): Message | undefined {
    const item = this.items.value.find((one) => one.kind === 'message' && one.seq === seq);
    return item?.kind === 'message' ? item.message : undefined;
  }

  /** @returns the last message of a person that can be changed */
  lastOf(userId: string): Message | undefined {
    const item = this.items.value.findLast(
      (one) => one.kind === 'message' && one.message.user.id === userId && !one.message.deleted,
    );
    return item?.kind === 'message' ? item.message : undefined;
  }

  /**
   * Takes new entries, ascending. Between two that come one after the other there is none to show,
   * whatever their numbers.
   */
  receive(frames: readonly LogFrame[]): void {
    const [before] = this.tail.slice(-1);
    const effects = frames.map((one) => effectOf(one, this.selfId)).filter((one) => one !== null);
    const added = affect(
      frames.map((frame) => itemOf(frame)),
      effects,
    );
    this.tail = [...affect(this.tail, effects), ...added].slice(-TAIL);
    this.items.value = affect(this.items.value, effects);
    this.meanwhile = [...this.meanwhile, ...effects].slice(-MOST_EFFECTS);
    if (this.isDetached.value) {
      // A page that was read a moment before its conversation's head: what lacks has come now.
      if (this.isFollowed && this.loading.value === null) void this.loadLatest();
      return;
    }
    const { fresh, isJoined } = continuing(this.end, before ? [before, ...added] : added);
    if (isJoined) this.append(fresh);
    else this.isDetached.value = true;
    if (!isJoined && this.isFollowed) void this.loadLatest();
  }

  /** Takes comings and goings. They are not part of the history: seen by who is there only. */
  notice(frames: readonly PresenceFrame[]): void {
    if (this.isDetached.value) return;
    this.append(
      frames.map((frame) => {
        this.noticeCount += 1;
        const key = `n${String(this.noticeCount)}`;
        return { kind: 'notice', key, time: frame.time, frame };
      }),
    );
  }

  /** Shows the newest messages. */
  async loadLatest(): Promise<void> {
    this.follow.follow();
    await this.load('latest', { limit: PAGE_SIZE }, (page) => {
      this.hasOlder.value = (page.items[0]?.seq ?? 1) > 1;
      this.join(this.itemsOf(page), page);
    });
  }

  /** Shows the messages from `seq` on, with a few before them, where they are not shown yet. */
  async loadFrom(seq: number): Promise<void> {
    const first = firstSeq(this.items.value);
    if (first !== null && first <= seq && seq <= lastSeq(this.items.value)) return;
    const after = Math.max(0, seq - 1 - CONTEXT);
    await this.load('latest', { after, limit: PAGE_SIZE }, (page) => {
      this.hasOlder.value = (page.items[0]?.seq ?? 1) > 1;
      this.join(this.itemsOf(page), page);
    });
  }

  async loadOlder(): Promise<void> {
    const before = firstSeq(this.items.value);
    if (!this.hasOlder.value || before === null || this.isBusy()) return;
    await this.load('older', { before, limit: PAGE_SIZE }, (page) => {
      const items = [...this.itemsOf(page), ...this.items.value];
      this.hasOlder.value = (page.items[0]?.seq ?? 1) > 1;
      if (items.length > MOST) this.isDetached.value = true;
      this.items.value = items.slice(0, MOST);
    });
  }

  async loadNewer(): Promise<void> {
    if (!this.isDetached.value || this.items.value.length === 0 || this.isBusy()) return;
    const after = lastSeq(this.items.value);
    await this.load('newer', { after, limit: PAGE_SIZE }, (page) => {
      const items = [...this.items.value, ...this.itemsOf(page)];
      if (items.length > MOST) this.hasOlder.value = true;
      this.join(items.slice(-MOST), page);
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
    this.meanwhile = [];
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

  /** The messages of a page, with what became of them while it was on its way. */
  private itemsOf({ items, head }: HistoryPage): readonly LogItem[] {
    return affect(
      items.map((frame) => itemOf(frame, head)),
      this.meanwhile,
    );
  }

  /** Shows items and, where they reach to what has arrived meanwhile, that too. */
  private join(items: readonly LogItem[], page: HistoryPage): void {
    const last = lastSeq(items);
    // Older services, whose logs have messages only, do not say up to where a page reaches.
    this.end = page.next_after === undefined ? last : (page.next_after ?? page.head);
    const { fresh, isJoined } = continuing(this.end, this.tail);
    this.items.value = isJoined ? [...items, ...fresh.filter(isShown)] : items;
    this.end = isJoined ? (fresh.at(-1)?.seq ?? this.end) : this.end;
    this.isDetached.value = this.end < Math.max(page.head, this.tail.at(-1)?.seq ?? 0);
  }

  private append(added: readonly (LogItem | TailItem)[]): void {
    this.end = Math.max(this.end, lastSeq(added));
    const shown = added.filter(isShown);
    if (shown.length === 0) return;
    const items = [...this.items.value, ...shown];
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

function isShown<Item extends LogItem | TailItem>(item: Item): item is Extract<Item, LogItem> {
  return item.kind !== 'silent';
}

/**
 * What of `items` comes after `end`.
 * @returns `isJoined`: there is nothing to show between `end` and the first of them
 */
function continuing(
  end: number,
  items: readonly TailItem[],
): { readonly fresh: readonly TailItem[]; readonly isJoined: boolean } {
  const at = items.findIndex(({ seq }) => seq > end);
  if (at < 0) return { fresh: [], isJoined: true };
  return { fresh: items.slice(at), isJoined: at > 0 || items[0]?.seq === end + 1 };
}
