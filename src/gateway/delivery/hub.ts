import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Access } from '../../chat/conversations/access.js';
import { type ConversationKey, parseKey } from '../../chat/conversations/key.js';
import { LOBBY_KEY } from '../../chat/conversations/lobby.js';
import { principalOf } from '../../chat/conversations/principal.js';
import { LiveFeed } from '../../chat/feed/live-feed.js';
import type { LiveEvent } from '../../chat/log/event.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { Clock } from '../../kernel/clock.js';
import { Listeners } from '../../kernel/listeners.js';
import { Distribution } from '../../kernel/metrics/distribution.js';
import { Turn } from '../../kernel/turn.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import type { Connection } from '../connections/connection.js';
import { EncodedFrame } from '../wire/encoded-frame.js';
import type { OutgoingFrame } from '../wire/frames.js';
import type { InPlace, SharedBytes } from '../wire/queued-frame.js';
import { Backpressure } from './backpressure.js';
import { Pace } from './pace.js';
import { PrivateDelivery } from './private-delivery.js';
import type { RoomChannel } from './room-channel.js';
import { RoomChannels } from './room-channels.js';
import { RoomMoves } from './room-moves.js';
import { WaitingPresence } from './waiting-presence.js';

const AGE_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60] as const;

/**
 * Fans events from the bus out to this node's connections: each message is encoded once per format,
 * and all that a turn brings somebody, from however many rooms, is one write.
 */
@Injectable()
export class Hub implements OnModuleInit, OnApplicationShutdown {
  /** Seconds from receiving a batch's oldest message to delivering it here. */
  readonly ages = new Distribution(AGE_SECONDS);
  /** Rooms with something for the next flush. */
  private readonly speaking = new Set<RoomChannel>();
  private readonly waiting = new WaitingPresence<RoomChannel>();
  private readonly delivered = new Listeners<[readonly LiveEvent[]]>(Hub.name);
  /** Connections with something of their own to be written. */
  private gathered: Connection[] = [];
  /** Messages since the last flush. */
  private carried = 0;
  private readonly pace: Pace;

  constructor(
    private readonly feed: LiveFeed,
    private readonly registry: ConnectionRegistry,
    private readonly channels: RoomChannels,
    private readonly moves: RoomMoves,
    private readonly inPrivate: PrivateDelivery,
    private readonly access: Access,
    private readonly backpressure: Backpressure,
    private readonly clock: Clock,
    turn: Turn,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.pace = new Pace(clock, turn, () => this.flush());
  }

  async onModuleInit(): Promise<void> {
    this.registry.watchPeople(this.feed);
    this.feed.begin(
      (batch) => {
        this.deliver(batch);
      },
      (personId, key) => this.inPrivate.aheadOf(personId, key),
    );
    if (this.settings.lobby) await this.channels.keep(LOBBY_KEY);
  }

  async onApplicationShutdown(): Promise<void> {
    this.pace.cancel();
    await this.feed.close();
  }

  /** Hears of each event once it has been handed out. @returns ends it */
  onDelivered(listener: (batch: readonly LiveEvent[]) => void): () => void {
    return this.delivered.add(listener);
  }

  /**
   * From here on the connection gets the room's live events, where its person may read there. The
   * room must be open.
   * @param from the first number that the person may see. This node may not have heard of all before it,
   *   where the bus may be late
   */
  join(connection: Connection, key: ConversationKey, from = 1): void {
    if (!this.access.mayDo(principalOf(connection.person), key, 'read').allowed) return;
    const channel = this.channels.get(key);
    if (channel?.isOpen !== true) return;
    connection.enterRoom(key);
    channel.join(connection);
    this.skip(connection, key, from - 1);
  }

  /** The connection leaves all of its rooms. */
  leave(connection: Connection): void {
    for (const key of connection.leaveRooms()) this.channels.get(key)?.leave(connection);
  }

  /** Called by a connection with frames of its own to be written. */
  readonly gather = (connection: Connection): void => {
    this.gathered.push(connection);
    this.pace.request();
  };

  /** Sends everybody a presence frame, with the next write or within this time. */
  announce(frame: OutgoingFrame, withinMs: number): void {
    this.tell(new EncodedFrame(frame), withinMs);
  }

  /** The same, for a frame that may be encoded already. */
  tell(frame: EncodedFrame, withinMs: number): void {
    this.tellRoom(LOBBY_KEY, frame, withinMs);
  }

  /** The same for those in a room. @param inPlace what some of them are told instead */
  tellRoom(
    key: ConversationKey,
    frame: EncodedFrame,
    withinMs: number,
    inPlace: InPlace | null = null,
  ): void {
    const channel = this.channels.get(key);
    if (channel === undefined) return;
    channel.tell(frame, 'presence', inPlace);
    this.waiting.add(channel, this.clock.monotonic() + withinMs);
    this.pace.requestWithin(withinMs);
  }

  /** Tells all connections of a person here, at once, who keep up with what they are written. */
  tellPerson(personId: string, frame: EncodedFrame): void {
    for (const connection of this.registry.ofPerson(personId)) {
      if (!this.backpressure.withholds(connection)) connection.deliver(frame);
    }
  }

  /**
   * The events of a conversation after that number, if all of them are in memory.
   * @returns null where the store has to be asked
   */
  recentAfter(key: ConversationKey, seq: number): readonly EncodedFrame[] | null {
    return this.feed.mayLag ? null : (this.channels.get(key)?.recentAfter(seq) ?? null);
  }

  /** The connection has all of the room that has come live: it is told what comes from here on. */
  passOver(connection: Connection, key: ConversationKey): void {
    this.channels.get(key)?.passOver(connection);
  }

  /** The highest number of a room that has come live here; null where it is not open. */
  headOf(key: ConversationKey): number | null {
    const channel = this.channels.get(key);
    return channel?.isOpen === true ? channel.head : null;
  }

  /** Whether nothing came in the room after that number, as the store would say: what follows comes live. */
  isHead(key: ConversationKey, seq: number): boolean {
    return !this.feed.mayLag && this.headOf(key) === seq;
  }

  /** Whether that number of a room that is open here has not come live yet. */
  isBehind(key: ConversationKey, seq: number): boolean {
    const head = this.feed.mayLag ? this.headOf(key) : null;
    return head !== null && head < seq;
  }

  /** Holds live events of the conversation back from the connection until it is released. */
  hold(connection: Connection, key: ConversationKey): void {
    const channel = this.channels.get(key);
    if (parseKey(key).kind === 'direct') connection.cursors.hold(key, 0);
    // A connection in no room has nothing to hold back, and releasing it would let it in.
    else if (connection.isIn(key)) channel?.hold(connection);
  }

  /**
   * Sends live events again, from the one after `upTo` on.
   * @returns false where live events above `upTo` have come: read on, and try again
   */
  release(connection: Connection, key: ConversationKey, upTo: number): boolean {
    if (!connection.cursors.isHolding(key)) return true;
    const channel = this.channels.get(key);
    return channel === undefined
      ? connection.cursors.release(key, upTo)
      : channel.release(connection, upTo);
  }

  /** Ends a hold without a release: the Sync failed, and live events go on all the same. */
  abandon(connection: Connection, key: ConversationKey): void {
    if (!connection.cursors.isReading(key)) return;
    const channel = this.channels.get(key);
    if (channel === undefined) connection.cursors.abandon(key);
    else channel.abandon(connection);
  }

  /** The connection has everything up to `upTo`, some of which may reach this node only later. */
  skip(connection: Connection, key: ConversationKey, upTo: number): void {
    if (!this.feed.mayLag || connection.cursors.isHolding(key)) return;
    const head = this.channels.get(key)?.head;
    if (head !== undefined && upTo <= head) return;
    this.hold(connection, key);
    if (!this.release(connection, key, upTo)) this.abandon(connection, key);
  }

  /** Writes everything that waits, now. */
  flushPending(): void {
    if (this.carried > 0 || this.gathered.length > 0) this.pace.run();
  }

  private deliver(batch: readonly LiveEvent[]): void {
    for (const event of batch) {
      if (event.to === null) this.deliverToRoom(event);
      else this.inPrivate.deliver(event, event.to);
    }
    this.carried += batch.length;
    const oldest = batch[0]?.time;
    if (oldest !== undefined) this.ages.observe(Math.max(0, this.clock.now() - oldest) / 1_000);
    this.delivered.tell(batch);
    this.pace.request();
  }

  private deliverToRoom(event: LiveEvent): void {
    const isOfMembership = this.moves.concerns(event);
    if (isOfMembership) this.moves.before(event);
    const channel = this.channels.get(event.conversation);
    channel?.deliver(event);
    if (channel !== undefined) this.speaking.add(channel);
    if (isOfMembership) this.moves.after(event);
  }

  private readonly writeNow = (member: Connection, bytes: SharedBytes): void => {
    this.backpressure.write(member, bytes);
  };

  private flush(): number {
    const carried = this.carried;
    this.carried = 0;
    const now = this.clock.monotonic();
    for (const channel of this.waiting.takeDue(now)) this.speaking.add(channel);
    const [first] = this.speaking;
    // The usual case: members of the only room with something to send are written directly.
    if (this.speaking.size === 1) first?.flush(this.writeNow);
    else if (this.speaking.size > 1) this.flushSeveral();
    this.speaking.clear();
    const gathered = this.gathered;
    this.gathered = [];
    for (const connection of gathered) {
      if (connection.pending.hasOwn) this.backpressure.write(connection, null);
    }
    if (this.waiting.due !== null) this.pace.requestWithin(this.waiting.due - now);
    return carried;
  }

  /** Two phases: each room hands out its bytes; then each member is written once. */
  private flushSeveral(): void {
    const members: Connection[] = [];
    const share = (member: Connection, bytes: SharedBytes): void => {
      if (member.pending.share(bytes)) members.push(member);
    };
    for (const channel of this.speaking) channel.flush(share);
    for (const member of members) this.backpressure.write(member, member.pending.takeShared());
  }
}
