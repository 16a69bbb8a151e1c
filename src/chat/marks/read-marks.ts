import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { Clock } from '../../kernel/clock.js';
import { Listeners } from '../../kernel/listeners.js';
import type { Person } from '../../kernel/person.js';
import { Scheduler, type Timer } from '../../kernel/scheduler.js';
import type { ConversationKey } from '../conversations/key.js';
import { MarkTable } from './mark-table.js';
import { MarkStore, type ReadMark, type ReadState } from './mark-store.js';

const WRITE_EVERY_MS = 1_000;
const NOTHING_SAID: ReadState = { head: 0, n: 0, read: 0, readN: 0, deleted: 0, mentions: 0 };

/** What is behind a mark. */
interface Unread {
  readonly unread: number;
  /** Those that mention the person. */
  readonly mentions: number;
}

/** Who has read something, and on which connection; empty: on none, as over REST. */
export interface ReadBy {
  readonly person: Person;
  readonly connectionId: string;
}

/** A conversation that somebody reads: a room, or the one with another person. */
export interface ReadTarget {
  readonly conversation: ConversationKey;
  /** A room's, or `@` and the other person's. */
  readonly name: string;
  /** Null for a room. */
  readonly other: Person | null;
}

/** Where a person's mark stands. */
export interface ReadPosition extends ReadTarget {
  readonly seq: number;
  /** Messages behind it. */
  readonly unread: number;
  /** Those that mention the person, counted to 100. */
  readonly mentions: number;
}

/** A mark was moved; with null: all of the person's were, to the heads. */
export type ReadListener = (
  by: ReadBy,
  position: ReadPosition | null,
  direction: 'forward' | 'back',
) => void;

/**
 * How far people have read. Marks are written once a second, many as one, and known here until then:
 * what a crash takes with it is a second of reading, which clients say again.
 */
@Injectable()
export class ReadMarks implements OnApplicationShutdown {
  private readonly logger = new Logger(ReadMarks.name);
  private readonly listeners = new Listeners<Parameters<ReadListener>>(ReadMarks.name);
  private pending = new MarkTable();
  /** Being written, or written within the last second: who asked the store before may not have seen them. */
  private written = new MarkTable();
  private writing: Promise<void> = Promise.resolve();
  private timer: Timer | null = null;

  constructor(
    private readonly store: MarkStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  /** Hears of every mark that a person moved here. @returns ends the subscription */
  onMoved(listener: ReadListener): () => void {
    return this.listeners.add(listener);
  }

  /** Whoever writes has read what stands before: told to nobody, since the message says it. */
  noteWritten(personId: string, conversation: ConversationKey, seq: number): void {
    this.note({ personId, conversation, seq, time: this.clock.now() });
  }

  /**
   * Moves marks forward, none beyond the head. One that stands further stays there.
   * @param wanted at most 200, each conversation once
   * @returns where they stand now, in the same order
   * @throws Refusal where the store cannot answer, by rejection
   */
  async readUpTo(
    by: ReadBy,
    wanted: readonly (ReadTarget & { readonly seq: number })[],
  ): Promise<readonly ReadPosition[]> {
    const personId = by.person.id;
    const keys = wanted.map(({ conversation }) => conversation);
    const states = await this.store.readStates(personId, keys);
    const positions: ReadPosition[] = [];
    for (const { conversation, name, other, seq } of wanted) {
      const state = states.get(conversation) ?? NOTHING_SAID;
      const known = Math.max(state.read, this.noted(personId, conversation));
      const next = Math.min(seq, state.head);
      const at = Math.max(known, next);
      const unread = await this.unreadBehind(personId, conversation, state, at);
      const position = { conversation, name, other, seq: at, ...unread };
      positions.push(position);
      if (next <= known) continue;
      this.note({ personId, conversation, seq: next, time: this.clock.now() });
      this.listeners.tell(by, position, 'forward');
    }
    return positions;
  }

  /**
   * Sets a mark so that `firstUnread` is the first number behind it.
   * @throws Refusal where the store does not take it, by rejection
   */
  async setBack(by: ReadBy, target: ReadTarget, firstUnread: number): Promise<ReadPosition> {
    const { conversation, name, other } = target;
    const personId = by.person.id;
    const states = await this.store.readStates(personId, [conversation]);
    const state = states.get(conversation) ?? NOTHING_SAID;
    const seq = Math.min(firstUnread - 1, state.head);
    this.pending.delete(personId, conversation);
    await this.writing;
    this.written.delete(personId, conversation);
    await this.store.setReadBack({ personId, conversation, seq, time: this.clock.now() });
    const unread = await this.unreadBehind(personId, conversation, state, seq);
    const position = { conversation, name, other, seq, ...unread };
    this.listeners.tell(by, position, 'back');
    return position;
  }

  /** Moves all marks of a person to the heads. @throws Refusal as {@link setBack} */
  async readAll(by: ReadBy): Promise<void> {
    const { id } = by.person;
    await this.store.moveAllRead(id, this.clock.now());
    this.listeners.tell(by, null, 'forward');
  }

  /** A state as the store knows it, with what is not written yet. @returns the mark, and what is unread */
  async current(
    personId: string,
    conversation: ConversationKey,
    state: ReadState,
  ): Promise<Unread & { readonly read: number }> {
    const read = Math.min(Math.max(state.read, this.noted(personId, conversation)), state.head);
    return { read, ...(await this.unreadBehind(personId, conversation, state, read)) };
  }

  /** The mark was set back on another node: what is known here of before does not count any more. */
  forget(personId: string, conversation: ConversationKey): void {
    this.pending.delete(personId, conversation);
    this.written.delete(personId, conversation);
  }

  /** Writes what waits, behind what is being written. A failure is logged, and tried again. */
  write(): Promise<void> {
    if (this.pending.isEmpty) return this.writing;
    const marks = this.pending;
    this.written = marks;
    this.pending = new MarkTable();
    this.writing = this.writing
      .then(() => this.store.moveRead([...marks.all()]))
      .catch((error: unknown) => {
        this.logger.warn({ event: 'read-marks-not-written', error });
        for (const mark of marks.all()) this.note(mark);
      });
    return this.writing;
  }

  /** The engines are closed after the gateway's drain, which calls {@link write}. */
  onApplicationShutdown(): void {
    this.scheduler.cancel(this.timer);
  }

  private note(mark: ReadMark): void {
    this.pending.advance(mark);
    this.schedule();
  }

  private schedule(): void {
    this.timer ??= this.scheduler.after(WRITE_EVERY_MS, () => {
      void this.turn();
    });
  }

  /** The next second begins when all is written: what is on its way to the store is known here. */
  private async turn(): Promise<void> {
    if (this.pending.isEmpty) {
      this.timer = null;
      this.written = new MarkTable();
      return;
    }
    await this.write();
    this.timer = null;
    this.schedule();
  }

  private noted(personId: string, conversation: ConversationKey): number {
    const mark = this.pending.get(personId, conversation);
    return (mark ?? this.written.get(personId, conversation))?.seq ?? 0;
  }

  /** A subtraction. The store is asked only where not every event counts, or something was deleted. */
  private async unreadBehind(
    personId: string,
    conversation: ConversationKey,
    state: ReadState,
    seq: number,
  ): Promise<Unread> {
    const { head, n, read, readN } = state;
    if (seq >= head) return { unread: 0, mentions: 0 };
    // Further on there is no more of either than behind the mark that the store knows.
    const isExact = seq === read || (seq > read && state.deleted + state.mentions === 0);
    const after = isExact ? state : await this.store.behind(personId, conversation, seq);
    const before = seq === read ? readN : await this.countUpTo(conversation, state, seq);
    return { unread: Math.max(0, n - before - after.deleted), mentions: after.mentions };
  }

  private async countUpTo(
    conversation: ConversationKey,
    { head, n }: ReadState,
    seq: number,
  ): Promise<number> {
    return n === head ? seq : this.store.countUpTo(conversation, seq);
  }
}
