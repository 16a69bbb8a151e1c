import { type ConversationKey, parseKey } from '../chat/conversations/key.js';
import type { Clock } from '../kernel/clock.js';
import type { Person } from '../kernel/person.js';
import type { Scheduler, Timer } from '../kernel/scheduler.js';
import { type TypingNews, TypingSet } from './typing-set.js';

/** Conversations in which somebody may be typing, as far as one node keeps track of it. */
const MOST_CONVERSATIONS = 10_000;
/** Conversations in which one person may be typing at a time; the first of them ends for one more. */
const MOST_OF_PERSON = 10;
/** A room is told at most so often. In private, where one person can change it, it is told at once. */
const ROOM_EVERY_MS = 1_000;
/** Whose time is over is forgotten so much later at most. */
const EXPIRE_EVERY_MS = 1_000;

interface Entry {
  readonly set: TypingSet;
  timer: Timer | null;
}

/** Who is typing in each conversation of which this node hears, and when that is to be told. */
export class TypingSets {
  /** What was left out because too much was known already. */
  leftOut = 0;
  private readonly entries = new Map<ConversationKey, Entry>();
  /** Where each person is typing, in the order in which they began. */
  private readonly byPerson = new Map<string, Set<ConversationKey>>();
  private expiry: Timer | null = null;

  /** @param due something is to be told of the conversation: {@link take} says what */
  constructor(
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly due: (conversation: ConversationKey) => void,
  ) {}

  /** Conversations that are kept. */
  get size(): number {
    return this.entries.size;
  }

  /** @param time when it was said, by the wall clock (ms since the epoch) */
  begin(conversation: ConversationKey, person: Person, time: number): void {
    const entry = this.entries.get(conversation) ?? this.open(conversation);
    if (entry?.set.begin(person, time, this.clock.monotonic()) !== true) {
      this.leftOut++;
      return;
    }
    this.remember(person.id, conversation);
    this.arrange(conversation, entry);
  }

  /** @see TypingSet.end */
  end(conversation: ConversationKey, personId: string, saidAt?: number): void {
    const entry = this.entries.get(conversation);
    if (entry?.set.end(personId, saidAt) !== true) return;
    this.forget(personId, conversation);
    this.arrange(conversation, entry);
  }

  /** The person is gone from everywhere. */
  leave(personId: string): void {
    for (const conversation of [...(this.byPerson.get(personId) ?? [])]) {
      this.end(conversation, personId);
    }
  }

  /** What is to be told of the conversation now. @returns null for nothing */
  take(conversation: ConversationKey): TypingNews | null {
    return this.entries.get(conversation)?.set.take(this.clock.monotonic()) ?? null;
  }

  stop(): void {
    this.scheduler.cancel(this.expiry);
    for (const { timer } of this.entries.values()) this.scheduler.cancel(timer);
  }

  private open(conversation: ConversationKey): Entry | null {
    if (this.entries.size >= MOST_CONVERSATIONS) return null;
    const isRoom = parseKey(conversation).kind === 'room';
    const entry = { set: new TypingSet(isRoom ? ROOM_EVERY_MS : 0), timer: null };
    this.entries.set(conversation, entry);
    this.expiry ??= this.scheduler.after(EXPIRE_EVERY_MS, this.expire);
    return entry;
  }

  private arrange(conversation: ConversationKey, entry: Entry): void {
    const wait = entry.set.wait(this.clock.monotonic());
    if (wait === null || entry.timer !== null) return;
    if (wait === 0) {
      this.due(conversation);
      return;
    }
    entry.timer = this.scheduler.after(wait, () => {
      entry.timer = null;
      this.due(conversation);
    });
  }

  private readonly expire = (): void => {
    const now = this.clock.monotonic();
    for (const [conversation, { set, timer }] of this.entries) {
      for (const personId of set.expire(now)) this.forget(personId, conversation);
      if (timer === null && set.isIdle(now)) this.entries.delete(conversation);
    }
    const isOver = this.entries.size === 0;
    this.expiry = isOver ? null : this.scheduler.after(EXPIRE_EVERY_MS, this.expire);
  };

  private remember(personId: string, conversation: ConversationKey): void {
    let own = this.byPerson.get(personId);
    if (own === undefined) {
      own = new Set();
      this.byPerson.set(personId, own);
    }
    own.add(conversation);
    const [first] = own;
    if (own.size > MOST_OF_PERSON && first !== undefined) this.end(first, personId);
  }

  private forget(personId: string, conversation: ConversationKey): void {
    const own = this.byPerson.get(personId);
    own?.delete(conversation);
    if (own?.size === 0) this.byPerson.delete(personId);
  }
}
