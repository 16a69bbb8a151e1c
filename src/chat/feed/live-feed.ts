import { Injectable, Logger } from '@nestjs/common';
import { ConversationStore } from '../conversations/conversation-store.js';
import {
  type ConversationKey,
  parseKey,
  personTopic,
  roomTopic,
  type Topic,
} from '../conversations/key.js';
import type { LiveEvent } from '../log/event.js';
import { MessageBus } from '../log/message-bus.js';
import { EventLog } from '../log/event-log.js';
import { Clock } from '../../kernel/clock.js';
import { Listeners } from '../../kernel/listeners.js';
import { Scheduler } from '../../kernel/scheduler.js';
import { Sequencer } from './sequencer.js';
import { HeadPoll } from './head-poll.js';

/** Private conversations per person that are sequenced at a time. */
const MOST_ACTIVE = 1_000;

/** The lowest position to which a Sync has brought one of the person's connections here. */
type FloorOf = (personId: string, conversation: ConversationKey) => number | null;

interface Followed {
  /** Earlier events are not delivered live (ms since the epoch). */
  since: number;
  /** The conversations tracked on this person's account. */
  readonly active: Set<ConversationKey>;
}

/**
 * The live events of the conversations of this node's people, in order, each once, whatever the bus
 * does. A lossless bus is passed through, with no state.
 */
@Injectable()
export class LiveFeed {
  private readonly logger = new Logger(LiveFeed.name);
  private readonly followed = new Map<string, Followed>();
  private readonly rooms = new Map<Topic, ConversationKey>();
  private readonly ends: (() => void)[] = [];
  private readonly reached = new Listeners<[personId: string]>(LiveFeed.name);
  private sequencer: Sequencer | null = null;
  private heads: HeadPoll | null = null;
  private floorOf: FloorOf = () => null;

  constructor(
    private readonly bus: MessageBus,
    private readonly log: EventLog,
    private readonly conversations: ConversationStore,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  /** Whether a client may have seen on another node what has not arrived here yet. */
  get mayLag(): boolean {
    return !this.bus.isLossless;
  }

  /** Messages that came from the store, since the bus lost them. */
  get refilled(): number {
    return this.sequencer?.refilled ?? 0;
  }

  /** Conversations with a gap now. */
  get gaps(): number {
    return this.sequencer?.gaps ?? 0;
  }

  /**
   * Starts delivery, for opened rooms and followed people.
   * @param floorOf where live delivery of a person's private conversation starts
   */
  begin(deliver: (batch: readonly LiveEvent[]) => void, floorOf: FloorOf): void {
    this.floorOf = floorOf;
    if (this.bus.isLossless) {
      this.ends.push(this.bus.subscribe(deliver));
      return;
    }
    this.sequencer = new Sequencer(this.log, this.clock, this.scheduler, this, deliver);
    this.watch(this.sequencer);
  }

  /**
   * Follows rooms. Events after the returned numbers may be delivered before they are returned.
   * @param rooms at most 500: one query asks for all of their heads
   * @returns each room's head before anything is delivered live
   * @throws Refusal where the store cannot answer, by rejection; none of them is followed then
   */
  async openRooms(
    rooms: readonly ConversationKey[],
  ): Promise<ReadonlyMap<ConversationKey, number>> {
    const { sequencer } = this;
    if (sequencer === null) return this.log.heads(rooms);
    for (const room of rooms) {
      sequencer.expect(room);
      this.rooms.set(roomTopic(room), room);
    }
    try {
      await Promise.all(rooms.map((room) => this.bus.follow(roomTopic(room))));
      const heads = await this.log.heads(rooms);
      for (const room of rooms) if (this.follows(room)) sequencer.begin(room, heads.get(room) ?? 0);
      return heads;
    } catch (error) {
      for (const room of rooms) this.closeRoom(room);
      throw error;
    }
  }

  /** Stops following the room. */
  closeRoom(room: ConversationKey): void {
    if (!this.rooms.delete(roomTopic(room))) return;
    this.bus.unfollow(roomTopic(room));
    this.sequencer?.forget(room);
  }

  async close(): Promise<void> {
    for (const end of this.ends) end();
    this.sequencer?.stop();
    await this.heads?.stop();
  }

  /**
   * Tells of each person whose events reach this node from now on: earlier ones may have reached
   * other nodes only. Tells of nobody where the bus is lossless.
   */
  onFollowed(listener: (personId: string) => void): () => void {
    return this.reached.add(listener);
  }

  /** A person's first connection has come. */
  follow(personId: string): void {
    if (this.sequencer === null) return;
    this.followed.set(personId, { since: this.clock.now(), active: new Set() });
    this.bus.follow(personTopic(personId)).then(
      () => {
        if (!this.followed.has(personId)) return;
        this.heads?.lookAtPerson(personId);
        this.reached.tell(personId);
      },
      (error: unknown) => {
        this.logger.error({ event: 'follow-failed', error });
      },
    );
  }

  /** A person's last connection is gone. */
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

  /** Evicts the oldest conversation: all of it is delivered, and its next event starts anew. */
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

  private follows(room: ConversationKey): boolean {
    return this.rooms.has(roomTopic(room));
  }

  private watch(sequencer: Sequencer): void {
    const { bus, followed, rooms } = this;
    const heads = new HeadPoll(this.log, this.conversations, this.clock, this.scheduler, {
      rooms: () => rooms.values(),
      people: () => followed.keys(),
      get isBusUp() {
        return bus.isUp;
      },
      reached: (conversation, seq, time) => {
        sequencer.reached(conversation, seq, time);
      },
    });
    this.heads = heads;
    this.ends.push(
      bus.subscribe((batch) => {
        sequencer.take(batch);
      }),
      bus.observe({
        reached: (conversation, seq) => {
          sequencer.reached(conversation, seq);
        },
        lost: (topic) => {
          this.doubt(heads, topic);
        },
      }),
    );
    heads.start();
  }

  private doubt(heads: HeadPoll, topic: Topic | null): void {
    if (topic === null) {
      heads.lookAtAll();
      return;
    }
    const room = this.rooms.get(topic);
    if (room !== undefined) heads.lookAtRoom(room);
    const id = topic.startsWith('person:') ? topic.slice('person:'.length) : '';
    if (this.followed.has(id)) heads.lookAtPerson(id);
  }
}

function membersOf(conversation: ConversationKey): readonly string[] {
  const parsed = parseKey(conversation);
  return parsed.kind === 'direct' ? parsed.members : [];
}
