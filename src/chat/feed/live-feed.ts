import { Injectable, Logger } from '@nestjs/common';
import { type ConversationKey, parseKey } from '../conversations/conversation.js';
import type { LiveEvent } from '../log/event.js';
import { MessageBus, personTopic, type Topic } from '../log/message-bus.js';
import { MessageStore } from '../log/message-store.js';
import { Clock } from '../../kernel/clock.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { Sequencer } from './sequencer.js';
import { HeadPoll } from './head-poll.js';

/** Private conversations of a person that are kept in order at a time. */
const MOST_ACTIVE = 1_000;

/** The least number up to which a connection of the person here was brought a conversation. */
type FloorOf = (personId: string, conversation: ConversationKey) => number | null;

interface Followed {
  /** Events made before are not for live delivery (ms since the epoch). */
  since: number;
  /** The conversations that have a track because of this person. */
  readonly active: Set<ConversationKey>;
}

/**
 * What is said in the conversations of this node's people, in order, each event once, whatever the
 * bus does to it. Where the bus loses nothing it is handed through, and nothing is kept.
 */
@Injectable()
export class LiveFeed {
  private readonly logger = new Logger(LiveFeed.name);
  private readonly followed = new Map<string, Followed>();
  private readonly ends: (() => void)[] = [];
  private sequencer: Sequencer | null = null;
  private tails: HeadPoll | null = null;
  private floorOf: FloorOf = () => null;

  constructor(
    private readonly bus: MessageBus,
    private readonly store: MessageStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  /** Whether a client may have seen, on another node, what has not come here yet. */
  get mayLag(): boolean {
    return !this.bus.isLossless;
  }

  /** Messages that the bus did not bring, and the store did. */
  get refilled(): number {
    return this.sequencer?.refilled ?? 0;
  }

  /** Conversations of which something is missing now. */
  get gaps(): number {
    return this.sequencer?.gaps ?? 0;
  }

  /**
   * Begins with what is said in the room from here on.
   * @param floorOf asked where a private conversation of somebody begins
   * @returns the number up to which the room was read before
   */
  async open(
    room: ConversationKey,
    deliver: (batch: readonly LiveEvent[]) => void,
    floorOf: FloorOf,
  ): Promise<number> {
    this.floorOf = floorOf;
    if (this.bus.isLossless) {
      const head = await this.headOf(room);
      this.ends.push(this.bus.subscribe(deliver));
      return head;
    }
    const sequencer = new Sequencer(this.store, this.clock, this.scheduler, this, deliver);
    this.sequencer = sequencer;
    await this.bus.follow(room);
    const head = await this.headOf(room);
    sequencer.begin(room, head);
    this.watch(room, sequencer);
    return head;
  }

  async close(): Promise<void> {
    for (const end of this.ends) end();
    this.sequencer?.stop();
    await this.tails?.stop();
  }

  /** The first connection of a person is here. */
  follow(personId: string): void {
    if (this.sequencer === null) return;
    this.followed.set(personId, { since: this.clock.now(), active: new Set() });
    this.bus.follow(personTopic(personId)).then(
      () => {
        // What came before the bus brought anything may have gone elsewhere only.
        if (this.followed.has(personId)) this.tails?.look(personId);
      },
      (error: unknown) => {
        this.logger.error({ event: 'follow-failed', error });
      },
    );
  }

  /** The last connection of a person is gone. */
  unfollow(personId: string): void {
    const gone = this.followed.get(personId);
    if (gone === undefined) return;
    this.followed.delete(personId);
    this.bus.unfollow(personTopic(personId));
    for (const conversation of gone.active) this.forgetUnlessFollowed(conversation);
  }

  /** @see Following */
  since(conversation: ConversationKey): number | null {
    const times = membersOf(conversation).flatMap((id) => this.followed.get(id)?.since ?? []);
    return times.length === 0 ? null : Math.min(...times);
  }

  /** @see Following */
  floor(conversation: ConversationKey): number | null {
    const floors = membersOf(conversation).flatMap((id) => this.floorOf(id, conversation) ?? []);
    return floors.length === 0 ? null : Math.min(...floors);
  }

  /** @see Following */
  tracked(conversation: ConversationKey): void {
    for (const id of membersOf(conversation)) {
      const person = this.followed.get(id);
      if (person === undefined) continue;
      if (person.active.size >= MOST_ACTIVE) this.trim(person);
      person.active.add(conversation);
    }
  }

  /** What the oldest conversation had is delivered; if it wakes again it begins now. */
  private trim(person: Followed): void {
    const [oldest] = person.active;
    if (oldest === undefined) return;
    person.active.delete(oldest);
    person.since = this.clock.now();
    this.sequencer?.forget(oldest);
  }

  private forgetUnlessFollowed(conversation: ConversationKey): void {
    if (membersOf(conversation).some((id) => this.followed.has(id))) return;
    this.sequencer?.forget(conversation);
  }

  private async headOf(room: ConversationKey): Promise<number> {
    return (await this.store.heads([room])).get(room) ?? 0;
  }

  private watch(room: ConversationKey, sequencer: Sequencer): void {
    const { bus, followed } = this;
    const tails = new HeadPoll(this.store, this.clock, this.scheduler, {
      rooms: [room],
      people: () => followed.keys(),
      get isBusUp() {
        return bus.isUp;
      },
      reached: (conversation, seq, time) => {
        sequencer.reached(conversation, seq, time);
      },
    });
    this.tails = tails;
    this.ends.push(
      bus.subscribe((batch) => {
        sequencer.take(batch);
      }),
      bus.observe({
        reached: (conversation, seq) => {
          sequencer.reached(conversation, seq);
        },
        lost: (topic) => {
          this.doubt(tails, topic);
        },
      }),
    );
    tails.start();
  }

  private doubt(tails: HeadPoll, topic: Topic | null): void {
    if (topic === null) {
      tails.lookAtAll();
      return;
    }
    const id = topic.startsWith('person:') ? topic.slice('person:'.length) : '';
    tails.look(this.followed.has(id) ? id : null);
  }
}

function membersOf(conversation: ConversationKey): readonly string[] {
  const parsed = parseKey(conversation);
  return parsed.kind === 'direct' ? parsed.members : [];
}
