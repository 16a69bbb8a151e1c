import { Logger } from '@nestjs/common';
import type { ConversationKey } from '../conversations/key.js';
import type { ConversationStore } from '../conversations/conversation-store.js';
import type { EventLog } from '../log/event-log.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scheduler, Timer } from '../../kernel/scheduler.js';
import { RoundRobin } from './round-robin.js';

/** While the bus is up: for a last message that was lost, with no successor to reveal the gap. */
const CALM_EVERY_MS = 2_000;
/** While the bus is down, or somebody or something is urgent. */
const URGENT_EVERY_MS = 250;
/** People, or rooms, per query. */
const CHUNK = 500;
/** Allows for clock skew between nodes, and for messages on their way to the store. */
const MARGIN_MS = 30_000;

/** The rooms and people to poll. */
export interface Watched {
  /** In a stable order, as are people. */
  rooms(): IterableIterator<ConversationKey>;
  /** Ids. */
  people(): IterableIterator<string>;
  readonly isBusUp: boolean;
  reached(conversation: ConversationKey, seq: number, time?: number): void;
}

/**
 * Polls the store for the heads of this node's conversations: one query for at most 500 rooms and
 * one for at most 500 people at a time, however many there are. So what the bus lost with no
 * successor to reveal it is found, and while the bus is down everything comes this way.
 */
export class HeadPoll {
  private readonly logger = new Logger('HeadPoll');
  private timer: Timer | null = null;
  private isUrgent = false;
  private asking: Promise<void> | null = null;
  private stopped = false;
  private failing = false;
  /** People and rooms to poll before all others. */
  private readonly urgent = { people: new Set<string>(), rooms: new Set<ConversationKey>() };
  /** Everything is to be polled once more, after what is urgent now. */
  private owesAll = false;
  /** Everything else, round-robin. */
  private readonly people: RoundRobin<string>;
  private readonly rooms: RoundRobin<ConversationKey>;
  /** When the bus was last known to carry everything (ms since the epoch). */
  private carriedUntil: number;

  constructor(
    private readonly log: Pick<EventLog, 'heads'>,
    private readonly conversations: Pick<ConversationStore, 'activeDirects'>,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
    private readonly watched: Watched,
  ) {
    this.carriedUntil = clock.now();
    this.people = new RoundRobin(() => watched.people());
    this.rooms = new RoundRobin(() => watched.rooms());
  }

  start(): void {
    this.schedule(CALM_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.scheduler.cancel(this.timer);
    await this.asking;
  }

  /** Polls this person's private conversations soon. */
  lookAtPerson(personId: string): void {
    this.urgent.people.add(personId);
    this.hurry();
  }

  /** Polls this room soon. */
  lookAtRoom(room: ConversationKey): void {
    this.urgent.rooms.add(room);
    this.hurry();
  }

  /** Polls everybody and everything soon. Calls are coalesced: once a round. */
  lookAtAll(): void {
    this.owesAll = true;
    this.hurry();
  }

  private get isCalm(): boolean {
    const { people, rooms } = this.urgent;
    return this.watched.isBusUp && people.size === 0 && rooms.size === 0 && !this.owesAll;
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
    this.payDebt();
    const people = this.people.next(this.urgent.people, CHUNK);
    const rooms = this.rooms.next(this.urgent.rooms, CHUNK);
    const wasCalm = this.isCalm;
    const askedAt = this.clock.now();
    try {
      await this.askForRooms(rooms);
      await this.askForPeople(people);
      if (wasCalm && this.watched.isBusUp) this.carriedUntil = askedAt;
      this.failing = false;
    } catch (error) {
      for (const id of people) this.urgent.people.add(id);
      for (const room of rooms) this.urgent.rooms.add(room);
      if (!this.failing) this.logger.warn({ event: 'tails-unknown', error });
      this.failing = true;
    }
  }

  private async askForRooms(rooms: readonly ConversationKey[]): Promise<void> {
    if (rooms.length === 0) return;
    const heads = await this.log.heads(rooms);
    for (const [conversation, seq] of heads) this.watched.reached(conversation, seq);
  }

  private async askForPeople(people: readonly string[]): Promise<void> {
    if (people.length === 0) return;
    const since = this.carriedUntil - MARGIN_MS;
    for (const one of await this.conversations.activeDirects(people, since)) {
      this.watched.reached(one.conversation, one.seq, one.time);
    }
  }

  private payDebt(): void {
    const { people, rooms } = this.urgent;
    if (!this.owesAll || people.size > 0 || rooms.size > 0) return;
    this.owesAll = false;
    for (const id of this.watched.people()) people.add(id);
    for (const room of this.watched.rooms()) rooms.add(room);
  }
}
