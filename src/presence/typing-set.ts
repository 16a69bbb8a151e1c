import type { Person } from '../kernel/person.js';

/** Who has said so is typing for this long, unless they say it again, or stop. */
export const TYPING_TTL_MS = 8_000;
/** The same person is heard in the same conversation at most so often. */
export const TYPING_EVERY_MS = 3_000;
/** People who count as typing in one conversation at a time: nobody reads more names than a few. */
export const MOST_TYPING = 100;

interface Typist {
  readonly person: Person;
  /** When the person said so last, by the wall clock (ms since the epoch). */
  readonly time: number;
  /** Monotonic milliseconds. */
  readonly until: number;
}

/**
 * What a conversation is to be told: who was typing as it knows, and who is. They are the same where
 * somebody goes on, and has to be told again before the ttl ends it.
 */
export interface TypingNews {
  readonly before: readonly Person[];
  readonly now: readonly Person[];
}

/**
 * Who is typing in one conversation, in the order in which they began, and what of it was told.
 *
 * | what happens                  | the set                  | is told                                    |
 * | ----------------------------- | ------------------------ | ------------------------------------------ |
 * | somebody begins               | has one more             | as soon as the interval allows             |
 * | goes on (says so again)       | lasts longer             | again, when the last telling is 3 s old    |
 * | stops, leaves, says something | has one less             | as soon as the interval allows             |
 * | is silent for the ttl         | has one less             | to nobody: every client knows the ttl      |
 * | begins and stops in between   | is what it was           | to nobody                                  |
 *
 * All times are monotonic milliseconds, unless something else is said.
 */
export class TypingSet {
  /** By id. */
  private readonly typists = new Map<string, Typist>();
  private told: readonly Person[] = [];
  private toldAt = Number.NEGATIVE_INFINITY;
  private isChanged = false;
  private isRenewed = false;

  /** @param everyMs the least time between two tellings */
  constructor(private readonly everyMs: number) {}

  /** Nobody is typing, nothing is to be told, and nobody can have been told too lately. */
  isIdle(now: number): boolean {
    return this.typists.size === 0 && !this.isChanged && now - this.toldAt >= this.everyMs;
  }

  has(personId: string): boolean {
    return this.typists.has(personId);
  }

  /**
   * Somebody types.
   * @param time when it was said, by the wall clock
   * @returns false where as many as may are typing already
   */
  begin(person: Person, time: number, now: number): boolean {
    const isNew = !this.typists.has(person.id);
    if (isNew && this.typists.size >= MOST_TYPING) return false;
    this.typists.set(person.id, { person, time, until: now + TYPING_TTL_MS });
    if (isNew) this.isChanged = true;
    else if (now - this.toldAt >= TYPING_EVERY_MS) this.isRenewed = true;
    return true;
  }

  /**
   * Somebody types no longer.
   * @param saidAt what was begun after this is something else (ms since the epoch)
   * @returns whether it changes anything
   */
  end(personId: string, saidAt = Number.POSITIVE_INFINITY): boolean {
    const typist = this.typists.get(personId);
    if (typist === undefined || typist.time > saidAt) return false;
    this.typists.delete(personId);
    this.isChanged = true;
    return true;
  }

  /** Forgets whose time is over. @returns their ids */
  expire(now: number): readonly string[] {
    const over: string[] = [];
    for (const [id, { until }] of this.typists) if (until <= now) over.push(id);
    for (const id of over) this.typists.delete(id);
    return over;
  }

  /** @returns milliseconds until something may be told; null where there is nothing to tell */
  wait(now: number): number | null {
    if (!this.isChanged && !this.isRenewed) return null;
    return Math.max(0, this.toldAt + this.everyMs - now);
  }

  /** What is told now. @returns null where it has come to nothing */
  take(now: number): TypingNews | null {
    const before = now - this.toldAt < TYPING_TTL_MS ? this.told : [];
    const people = [...this.typists.values()].map(({ person }) => person);
    const { isRenewed } = this;
    this.isChanged = false;
    this.isRenewed = false;
    if (!isRenewed && isSame(before, people)) return null;
    this.told = people;
    this.toldAt = now;
    return { before, now: people };
  }
}

function isSame(some: readonly Person[], others: readonly Person[]): boolean {
  return some.length === others.length && some.every(({ id }, at) => id === others[at]?.id);
}
