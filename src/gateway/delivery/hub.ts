import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type ConversationKey, LOBBY, roomKey } from '../../chat/conversations/conversation.js';
import type { LiveEvent } from '../../chat/log/event.js';
import { Clock } from '../../kernel/clock.js';
import { Distribution } from '../../kernel/metrics/distribution.js';
import { Turn } from '../../kernel/turn.js';
import { Audience } from './audience.js';
import { RECONNECT } from '../wire/close-codes.js';
import type { Connection } from '../connections/connection.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import { DeliveryMarks } from '../../chat/marks/delivery-marks.js';
import { EncodedFrame } from '../wire/encoded-frame.js';
import { toFrame } from '../wire/event-frame.js';
import type { OutgoingFrame } from '../wire/frames.js';
import { LiveFeed } from '../../chat/feed/live-feed.js';
import { Backpressure } from './backpressure.js';
import { Pace } from './pace.js';
import { RecentEvents } from './recent-events.js';

const AGE_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 60] as const;

const LOBBY_KEY = roomKey(LOBBY);

/** How far live events of a conversation have come while somebody holds them back. */
interface HeldHead {
  holders: number;
  seq: number;
}

/**
 * Brings what the bus carries to the connections of this node. Each message is encoded once per
 * format; all that a turn brings to somebody is written at once.
 */
@Injectable()
export class Hub implements OnModuleInit, OnApplicationShutdown {
  /** Seconds from the service's receiving a batch's oldest message to its coming here. */
  readonly ages = new Distribution(AGE_SECONDS);
  private readonly lobby = new Audience();
  private readonly recent = new RecentEvents();
  private lobbyHead = 0;
  /** Up to where the room's members have been written to. */
  private lobbyTold = 0;
  /** Who finished a Sync ahead of the hub, and where: a member again with the first event behind. */
  private readonly ahead = new Map<Connection, number>();
  private readonly heldHeads = new Map<ConversationKey, HeldHead>();
  /** Connections with something of their own to be written. */
  private gathered: Connection[] = [];
  /** Messages since the last flush. */
  private carried = 0;
  private readonly pace: Pace;

  constructor(
    private readonly feed: LiveFeed,
    private readonly registry: ConnectionRegistry,
    private readonly marks: DeliveryMarks,
    private readonly backpressure: Backpressure,
    private readonly clock: Clock,
    turn: Turn,
  ) {
    this.pace = new Pace(clock, turn, () => this.flush());
  }

  async onModuleInit(): Promise<void> {
    this.registry.watchPeople(this.feed);
    this.lobbyHead = await this.feed.open(
      LOBBY_KEY,
      (batch) => {
        this.deliver(batch);
      },
      (personId, key) => this.floorOf(personId, key),
    );
    this.lobbyTold = this.lobbyHead;
  }

  async onApplicationShutdown(): Promise<void> {
    this.pace.cancel();
    await this.feed.close();
  }

  /** The highest number of each room, by the room's name. */
  heads(): Record<string, number> {
    return { [LOBBY]: this.lobbyHead };
  }

  /** The room's number up to which its members have been written to. */
  readonly told = (): number => this.lobbyTold;

  /** From here on the connection gets what is said in the room. */
  join(connection: Connection): void {
    this.flushMessages();
    this.lobby.join(connection);
  }

  leave(connection: Connection): void {
    this.lobby.leave(connection);
    this.ahead.delete(connection);
    for (const key of connection.held ?? []) this.unhold(connection, key);
  }

  /** Called by a connection that has something of its own to be written. */
  readonly gather = (connection: Connection): void => {
    this.gathered.push(connection);
    this.pace.request();
  };

  /** Tells everybody who came, who went, or who is here, with the next write or within so long. */
  announce(frame: OutgoingFrame, withinMs: number): void {
    this.tell(new EncodedFrame(frame), withinMs);
  }

  /** The same, of what may be encoded already. */
  tell(frame: EncodedFrame, withinMs: number): void {
    this.lobby.tell(frame, 'presence', null);
    this.pace.requestWithin(withinMs);
  }

  /**
   * The events of a room after that number, where all of them are in memory and the room's members
   * have been written them: what is live comes behind them.
   * @returns null where the store has to be asked
   */
  recentAfter(key: ConversationKey, seq: number): readonly EncodedFrame[] | null {
    if (key !== LOBBY_KEY || this.feed.mayLag) return null;
    this.flushMessages();
    return this.recent.after(seq);
  }

  /** Keeps live events of the conversation from the connection until it is released. */
  hold(connection: Connection, key: ConversationKey): void {
    if (connection.held?.has(key)) return;
    if (key === LOBBY_KEY) {
      this.flushMessages();
      this.lobby.leave(connection);
    }
    (connection.held ??= new Set()).add(key);
    const head = this.heldHeads.get(key);
    if (head) head.holders++;
    else this.heldHeads.set(key, { holders: 1, seq: key === LOBBY_KEY ? this.lobbyHead : 0 });
  }

  /**
   * Lets live events through again, from the one after `upTo` on.
   * @returns false where live events have come that are above `upTo`: read on, and try again
   */
  release(connection: Connection, key: ConversationKey, upTo: number): boolean {
    if (!connection.held?.has(key)) return true;
    if ((this.heldHeads.get(key)?.seq ?? 0) > upTo) return false;
    this.unhold(connection, key);
    if (!connection.open) return true;
    if (key !== LOBBY_KEY) {
      (connection.floors ??= new Map()).set(key, upTo);
    } else if (upTo > this.lobbyHead) {
      this.ahead.set(connection, upTo);
    } else {
      this.ahead.delete(connection);
      this.join(connection);
    }
    return true;
  }

  /**
   * The connection has everything up to `upTo`, which another node may have brought before this one
   * hears of it.
   */
  skip(connection: Connection, key: ConversationKey, upTo: number): void {
    if (!this.feed.mayLag || connection.held?.has(key)) return;
    if (key === LOBBY_KEY && upTo <= this.lobbyHead) return;
    this.hold(connection, key);
    if (!this.release(connection, key, upTo)) this.abandon(connection, key);
  }

  /** Ends a hold that was not released: the Sync failed, and live events go on all the same. */
  abandon(connection: Connection, key: ConversationKey): void {
    if (!connection.held?.has(key)) return;
    this.unhold(connection, key);
    if (key === LOBBY_KEY && connection.open && !this.ahead.has(connection)) this.join(connection);
  }

  /** Writes everything that waits, now. */
  flushPending(): void {
    if (this.carried > 0 || this.gathered.length > 0) this.pace.run();
  }

  private floorOf(personId: string, key: ConversationKey): number | null {
    let least: number | null = null;
    for (const { floors } of this.registry.ofPerson(personId)) {
      const floor = floors?.get(key);
      if (floor !== undefined) least = Math.min(floor, least ?? floor);
    }
    return least;
  }

  private unhold(connection: Connection, key: ConversationKey): void {
    connection.held?.delete(key);
    if (connection.held?.size === 0) connection.held = null;
    const head = this.heldHeads.get(key);
    if (head && --head.holders === 0) this.heldHeads.delete(key);
  }

  private deliver(batch: readonly LiveEvent[]): void {
    for (const event of batch) {
      const held = this.heldHeads.get(event.conversation);
      if (held && event.seq > held.seq) held.seq = event.seq;
      if (event.to === null) this.deliverToRoom(event);
      else this.deliverDirect(event, event.to.id);
    }
    this.carried += batch.length;
    const oldest = batch[0]?.time;
    if (oldest !== undefined) this.ages.observe(Math.max(0, this.clock.now() - oldest) / 1_000);
    this.pace.request();
  }

  private deliverToRoom(event: LiveEvent): void {
    if (this.ahead.size > 0) this.admitThoseAhead(event.seq);
    this.lobbyHead = event.seq;
    const frame = new EncodedFrame(toFrame(event));
    this.recent.push(event.seq, frame);
    this.lobby.tell(frame, 'message', event.origin);
  }

  private admitThoseAhead(seq: number): void {
    for (const [connection, floor] of this.ahead) {
      if (floor >= seq) continue;
      this.ahead.delete(connection);
      // In another Sync already: its end lets it in.
      if (connection.open && connection.held?.has(LOBBY_KEY) !== true) this.join(connection);
    }
  }

  private deliverDirect(event: LiveEvent, recipientId: string): void {
    const frame = new EncodedFrame(toFrame(event));
    for (const personId of [recipientId, event.author.id]) {
      let reached = personId === event.author.id;
      for (const connection of this.registry.ofPerson(personId)) {
        if (!connection.open || connection.id === event.origin) continue;
        if (!passes(connection, event)) continue;
        connection.deliver(frame);
        this.backpressure.delivered++;
        // Where older messages may wait in the conversation, they must not count as delivered.
        if (!connection.hasMore) reached = true;
      }
      if (reached) this.marks.note(personId, event.conversation, event.seq);
    }
  }

  private flushMessages(): void {
    this.lobbyTold = this.lobbyHead;
    this.lobby.flushMessages(this.backpressure);
  }

  private flush(): number {
    const carried = this.carried;
    this.carried = 0;
    this.lobbyTold = this.lobbyHead;
    this.lobby.flush(this.backpressure);
    const gathered = this.gathered;
    this.gathered = [];
    for (const connection of gathered) {
      if (connection.outbox !== null) this.backpressure.write(connection, null, null);
    }
    return carried;
  }
}

/** Whether a private message may be told now: not before older ones, and not twice. */
function passes(connection: Connection, { conversation, seq }: LiveEvent): boolean {
  if (connection.held?.has(conversation)) return false;
  const floor = connection.floors?.get(conversation);
  if (floor !== undefined && seq <= floor) return false;
  if (connection.withheld !== null) {
    if (!connection.withheld.note(conversation, seq)) connection.close(RECONNECT.tryLater);
    return false;
  }
  connection.floors?.delete(conversation);
  return true;
}
