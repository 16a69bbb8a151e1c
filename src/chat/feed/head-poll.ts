import { Logger } from '@nestjs/common';
import type { ConversationKey } from '../conversations/conversation.js';
import type { MessageStore } from '../log/message-store.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';

/** While the bus carries: for a last message that was lost, with nothing behind it to show it. */
const CALM_EVERY_MS = 2_000;
/** While the bus is down, or people are to be looked at in particular. */
const URGENT_EVERY_MS = 250;
/** People in one question. */
const CHUNK = 500;
/** How far the clocks of two nodes may be apart, and a message be under way to the store. */
const MARGIN_MS = 30_000;

/** Who and what is looked after. */
export interface Watched {
  readonly rooms: readonly ConversationKey[];
  /** Ids, in any order that stays. */
  people(): IterableIterator<string>;
  readonly isBusUp: boolean;
  reached(conversation: ConversationKey, seq: number, time?: number): void;
}

/**
 * Asks the store how far the conversations of this node have come: one question for the rooms and
 * one for at most 500 people at a time, whatever the number of people. So what the bus lost with
 * nothing behind it is found, and while the bus is down everything comes from here.
 */
export class HeadPoll {
  private readonly logger = new Logger('HeadPoll');
  private timer: Timer | null = null;
  private isUrgent = false;
  private asking: Promise<void> | null = null;
  private stopped = false;
  private failing = false;
  /** Whom to look at before all others. */
  private readonly urgent = new Set<string>();
  /** Everybody is to be looked at once more, when those of now have been. */
  private owesAll = false;
  /** Everybody else, in turn. */
  private turn: IterableIterator<string> | null = null;
  /** When the bus was last known to carry all (ms since the epoch). */
  private carriedUntil: number;

  constructor(
    private readonly store: Pick<MessageStore, 'heads' | 'activeDirects'>,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly watched: Watched,
  ) {
    this.carriedUntil = clock.now();
  }

  start(): void {
    this.schedule(CALM_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.scheduler.cancel(this.timer);
    await this.asking;
  }

  /** Looks at the rooms soon, and at this person. */
  look(personId: string | null): void {
    if (personId !== null) this.urgent.add(personId);
    this.hurry();
  }

  /** Looks at everybody and everything soon. However often it is called: once in a round. */
  lookAtAll(): void {
    this.owesAll = true;
    this.hurry();
  }

  private get isCalm(): boolean {
    return this.watched.isBusUp && this.urgent.size === 0 && !this.owesAll;
  }

  private hurry(): void {
    if (this.timer === null || this.isUrgent) return;
    this.scheduler.cancel(this.timer);
    this.schedule(URGENT_EVERY_MS);
  }

  private schedule(wait: number): void {
    if (this.stopped) return;
    this.isUrgent = wait === URGENT_EVERY_MS;
    this.timer = this.scheduler.after(wait, () => {
      this.timer = null;
      this.asking = this.ask().finally(() => {
        this.schedule(this.isCalm ? CALM_EVERY_MS : URGENT_EVERY_MS);
      });
    });
  }

  private async ask(): Promise<void> {
    const chunk = this.nextPeople();
    const wasCalm = this.isCalm;
    const askedAt = this.clock.now();
    try {
      const heads = await this.store.heads(this.watched.rooms);
      for (const [conversation, seq] of heads) this.watched.reached(conversation, seq);
      await this.askFor(chunk);
      if (wasCalm && this.watched.isBusUp) this.carriedUntil = askedAt;
      this.failing = false;
    } catch (error) {
      for (const id of chunk) this.urgent.add(id);
      if (!this.failing) this.logger.warn({ event: 'tails-unknown', error });
      this.failing = true;
    }
  }

  private async askFor(people: readonly string[]): Promise<void> {
    if (people.length === 0) return;
    const since = this.carriedUntil - MARGIN_MS;
    for (const one of await this.store.activeDirects(people, since)) {
      this.watched.reached(one.conversation, one.seq, one.time);
    }
  }

  private nextPeople(): readonly string[] {
    const chunk: string[] = [];
    if (this.owesAll && this.urgent.size === 0) {
      this.owesAll = false;
      for (const id of this.watched.people()) this.urgent.add(id);
    }
    for (const id of this.urgent) {
      if (chunk.length >= CHUNK) return chunk;
      this.urgent.delete(id);
      chunk.push(id);
    }
    this.turn ??= this.watched.people();
    while (chunk.length < CHUNK) {
      const next = this.turn.next();
      if (next.done === true) {
        this.turn = null;
        return chunk;
      }
      chunk.push(next.value);
    }
    return chunk;
  }
}
