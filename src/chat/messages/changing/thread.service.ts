import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import { Listeners } from '../../../kernel/listeners.js';
import type { Person } from '../../../kernel/person.js';
import { Scheduler, type Timer } from '../../../kernel/scheduler.js';
import type { ChatEvent } from '../../log/event.js';
import { MessageStore } from '../../log/message-store.js';
import type { ReadBy } from '../../marks/read-marks.js';
import { type ThreadMark, type ThreadRef, ThreadStore } from '../../marks/thread-store.js';
import { targetMessage } from './target-message.js';
import { threadRoot } from './thread-root.js';
import type { VisibleConversation } from './visible-conversation.js';

/** Threads that are kept of a person's: those that were touched last. */
const MOST_FOLLOWED = 1_000;
/** How long people wait to be looked at for more than that. */
const TRIM_EVERY_MS = 1_000;
/** People looked at in one go; those beyond wait for the next. */
const MOST_TRIMMED = 200;
/** People who wait for that; beyond it a later reply of theirs has them looked at. */
const MOST_GROWN = 10_000;

/** A thread of a conversation that somebody reads. */
export interface ThreadTarget extends ThreadRef {
  /** A room's name, or `@` and the other person's. */
  readonly name: string;
  /** Null for a room. */
  readonly other: Person | null;
}

/** A mark in a thread was moved. */
export type ThreadListener = (by: ReadBy, thread: ThreadTarget, mark: ThreadMark) => void;

/**
 * Who follows which thread, and how far each has read it. Marks are written at once: threads are read
 * far more seldom than conversations.
 */
@Injectable()
export class ThreadService implements OnApplicationShutdown {
  private readonly logger = new Logger(ThreadService.name);
  private readonly listeners = new Listeners<Parameters<ThreadListener>>(ThreadService.name);
  private readonly grown = new Set<string>();
  private timer: Timer | null = null;

  constructor(
    private readonly store: ThreadStore,
    private readonly messages: MessageStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  onApplicationShutdown(): void {
    this.scheduler.cancel(this.timer);
  }

  /** Hears of every mark that a person moved here. @returns ends the subscription */
  onMoved(listener: ThreadListener): () => void {
    return this.listeners.add(listener);
  }

  /** These people follow a thread from here on, by what was said there. */
  noteReply(...people: readonly string[]): void {
    for (const id of people) if (this.grown.size < MOST_GROWN) this.grown.add(id);
    this.timer ??= this.scheduler.after(TRIM_EVERY_MS, () => {
      this.timer = null;
      void this.trim();
    });
  }

  /**
   * Follows the thread of a message from now on, which may have none yet.
   * @param field the field of the request that names the message
   * @throws Refusal `unknown-message`, `message-deleted`; `invalid-field` for one that is said in a
   *   thread itself; by rejection
   */
  async follow(
    { id }: Person,
    where: VisibleConversation,
    root: number,
    field: string,
  ): Promise<ThreadMark> {
    const thread = { conversation: where.conversation, root };
    threadRoot(await this.messageAt(thread), where.from, field);
    await this.store.follow(id, thread, this.clock.now());
    this.noteReply(id);
    return this.store.mark(id, thread);
  }

  /** Does not follow it any more, until the person replies there. @throws Refusal as {@link follow} */
  async unfollow(
    { id }: Person,
    where: VisibleConversation,
    root: number,
    field: string,
  ): Promise<ThreadMark> {
    const thread = { conversation: where.conversation, root };
    const found = await this.messageAt(thread);
    if (!found?.state?.deleted) targetMessage(found, where.from, field);
    await this.store.unfollow(id, thread, this.clock.now());
    this.noteReply(id);
    return this.store.mark(id, thread);
  }

  /**
   * Has read a thread up to that number of its conversation or, with `unread`, has not from there on.
   * @returns where the mark stands now; nothing is noted of a thread that the person does not follow
   */
  async read(
    by: ReadBy,
    where: VisibleConversation,
    root: number,
    { seq, unread }: { readonly seq: number; readonly unread: boolean },
  ): Promise<ThreadMark> {
    const { conversation, name, other } = where;
    const thread = { conversation, root, name, other };
    const { id } = by.person;
    if (unread) await this.store.setReadBack(id, thread, Math.max(root, seq - 1));
    else await this.store.moveRead(id, thread, seq);
    const mark = await this.store.mark(id, thread);
    if (mark.following) this.listeners.tell(by, thread, mark);
    return mark;
  }

  /** What the thread is to a person. */
  mark({ id }: Person, thread: ThreadRef): Promise<ThreadMark> {
    return this.store.mark(id, thread);
  }

  private async messageAt({ conversation, root }: ThreadRef): Promise<ChatEvent | undefined> {
    const [found] = await this.messages.at(conversation, [root]);
    return found;
  }

  private async trim(): Promise<void> {
    const people = [...this.grown].slice(0, MOST_TRIMMED);
    for (const id of people) this.grown.delete(id);
    try {
      await this.store.trim(people, MOST_FOLLOWED);
    } catch (error) {
      // The next reply of each of them has them looked at again.
      this.logger.warn({ event: 'threads-not-trimmed', error });
    }
    if (this.grown.size > 0) this.noteReply();
  }
}
