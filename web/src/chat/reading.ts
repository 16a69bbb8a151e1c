import type { Conversation } from '@parley/client';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ConversationLog } from '../conversation/conversation-log.js';
import type { ReadMarks } from './read-marks.js';

interface ActiveConversation {
  readonly name: ReadonlySignal<Conversation>;
  readonly log: ReadonlySignal<ConversationLog>;
}

/**
 * What the person reads: the end of the active conversation where its view follows it, else as far
 * as the view was. Nothing is read while the tab is hidden, nor what was missed and is only now
 * being caught up.
 */
export class Reading {
  /** Up to where the active conversation was read when something new came; null: nothing new. */
  readonly readOnOpening = signal<number | null>(null);
  private isCatchingUp = false;

  constructor(
    private readonly marks: ReadMarks,
    private readonly active: ActiveConversation,
    private readonly isVisible: () => boolean,
  ) {}

  /** Shows the active conversation: from its first unread message on, or else its end. */
  async open(): Promise<void> {
    const name = this.active.name.value;
    const read = this.marks.unread(name) > 0 ? this.marks.read(name) : null;
    this.readOnOpening.value = read;
    if (read === null) await this.showLatest();
    else await this.showFrom(read + 1);
  }

  /** Goes to the end of the active conversation, and stays there. */
  async showLatest(): Promise<void> {
    const log = this.active.log.value;
    log.follow.follow();
    if (log.isDetached.value) await log.loadLatest();
    this.look();
  }

  /** Goes to a message of the active conversation. */
  async showMessage(seq: number): Promise<void> {
    const log = this.active.log.value;
    log.follow.seek(seq);
    await log.loadFrom(seq);
  }

  /** The person is back at this tab: what came meanwhile begins where they stopped. */
  async comeBack(): Promise<void> {
    if (!this.isVisible()) return;
    const name = this.active.name.value;
    const isFollowing = this.active.log.value.follow.mode === 'following';
    if (isFollowing && this.marks.unread(name) > 0) await this.open();
    else this.look();
  }

  /** There is a connection: what comes until {@link current} was missed. */
  catchUp(): void {
    this.isCatchingUp = true;
  }

  /** What was missed is shown, and begins where the person stopped. */
  async current(): Promise<void> {
    this.isCatchingUp = false;
    await this.comeBack();
  }

  /**
   * Messages have come in a conversation.
   * @param own the highest number among those that the person wrote; null: none
   */
  take(conversation: Conversation, first: number, last: number, own: number | null): void {
    const before = this.marks.unread(conversation) === 0 ? this.marks.read(conversation) : null;
    this.marks.reach(conversation, last, first - 1);
    if (own !== null) this.marks.markRead(conversation, own);
    if (conversation !== this.active.name.value) return;
    this.look();
    const isNew = before !== null && this.marks.unread(conversation) > 0;
    if (isNew) this.readOnOpening.value = Math.max(before, this.marks.read(conversation));
  }

  /** The view reaches down to this message; null: to none. */
  seen(seq: number | null): void {
    this.look();
    const isReading = this.active.log.value.follow.mode === 'reading';
    if (seq !== null && isReading && this.isVisible()) {
      this.marks.markRead(this.active.name.value, seq);
    }
  }

  /** Whoever looks at the end of the active conversation has read it. */
  private look(): void {
    const log = this.active.log.value;
    const isAtEnd = log.follow.mode === 'following' && !log.isDetached.value;
    if (isAtEnd && this.isVisible() && !this.isCatchingUp) {
      this.marks.markAllRead(this.active.name.value);
    }
  }

  private async showFrom(seq: number): Promise<void> {
    const log = this.active.log.value;
    log.follow.seek();
    await log.loadFrom(seq);
  }
}
