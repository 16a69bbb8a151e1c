import type { ConversationKey } from '../../chat/conversations/key.js';
import type { LiveEvent } from '../../chat/log/event.js';
import type { Connection } from '../connections/connection.js';
import type { LiveCursor } from '../connections/live-cursor.js';
import { EncodedFrame } from '../wire/encoded-frame.js';
import { changesEarlier, toFrame } from '../wire/event-frame.js';
import type { InPlace, Weight } from '../wire/queued-frame.js';
import { Audience, type Sink } from './audience.js';
import { RecentEvents } from './recent-events.js';
import type { RecentMemory } from './recent-memory.js';

/** A room on this node: its audience, its head, and its latest events. */
export class RoomChannel {
  private readonly audience: Audience;
  private readonly recent: RecentEvents;
  /** Connections whose cursor is not live: on hold, or ahead of this node. */
  private readonly apart = new Map<Connection, LiveCursor>();
  private headSeq = 0;
  private hasBegun = false;

  /**
   * @param called the room's name, which may change
   * @param write writes to one member at once, where something can't wait for the flush
   * @param memory for the latest events of all rooms
   */
  constructor(
    readonly key: ConversationKey,
    private readonly called: () => string,
    private readonly write: Sink,
    memory: RecentMemory,
  ) {
    this.audience = new Audience(called);
    this.recent = new RecentEvents(memory);
  }

  /** The name that the room has at the moment. */
  get name(): string {
    return this.called();
  }

  /** Its head is known: people can join. @param head the room's head before anything came live */
  begin(head: number): void {
    this.headSeq = Math.max(this.headSeq, head);
    this.hasBegun = true;
  }

  /** It is not followed any more. */
  close(): void {
    this.recent.close();
  }

  /** Whether people can join: its head and its name are known. */
  get isOpen(): boolean {
    return this.hasBegun;
  }

  /** The highest number that has arrived here. */
  get head(): number {
    return this.headSeq;
  }

  /** Nobody on this node follows it. */
  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** Connections that follow it. */
  get size(): number {
    return this.apart.size + this.audience.size;
  }

  /** The same, one by one. */
  *members(): Iterable<Connection> {
    yield* this.audience.members();
    yield* this.apart.keys();
  }

  /** From here on the connection gets the room's live events. */
  join(connection: Connection): void {
    connection.standsAt(this.name, this.headSeq);
    this.audience.join(connection);
  }

  leave(connection: Connection): void {
    this.audience.leave(connection);
    this.apart.delete(connection);
  }

  /** Holds live events back from the connection until it is released. */
  hold(connection: Connection): void {
    if (connection.cursors.isHolding(this.key)) return;
    this.audience.takeOut(connection, this.headSeq, this.write);
    this.apart.set(connection, connection.cursors.hold(this.key, this.headSeq));
  }

  /**
   * Sends live events again, from the one after `upTo` on.
   * @returns false where live events above `upTo` have come
   */
  release(connection: Connection, upTo: number): boolean {
    if (!connection.cursors.release(this.key, upTo)) return false;
    if (!connection.open) this.apart.delete(connection);
    else if (upTo <= this.headSeq) this.goLive(connection);
    return true;
  }

  /** Ends a hold without a release. */
  abandon(connection: Connection): void {
    connection.cursors.abandon(this.key);
    if (!connection.open) this.apart.delete(connection);
    else if (this.apart.get(connection)?.state === 'live') this.goLive(connection);
  }

  /** Passes over what it had before it was opened, which may come only then. */
  deliver(event: LiveEvent): void {
    if (event.seq <= this.headSeq) return;
    if (this.apart.size > 0) this.offer(event.seq);
    this.headSeq = event.seq;
    if (!this.hasBegun) return;
    const frame = new EncodedFrame(toFrame(event, this.name));
    // What was said before may read otherwise from here on, or be gone.
    if (changesEarlier(event)) this.recent.clear();
    this.recent.push(event.seq, frame);
    this.audience.tell(frame, 'message', event.origin);
  }

  tell(frame: EncodedFrame, weight: Weight, inPlace: InPlace | null = null): void {
    this.audience.tell(frame, weight, null, inPlace);
  }

  /**
   * The events after that number, if all of them are in memory.
   * @returns null where the store has to be asked
   */
  recentAfter(seq: number): readonly EncodedFrame[] | null {
    return this.recent.after(seq);
  }

  /** The connection has everything that has come live: what is live comes after. */
  passOver(connection: Connection): void {
    this.audience.passOver(connection);
  }

  /** Hands each member what waits for the room. */
  flush(sink: Sink): void {
    this.audience.flush(this.headSeq, sink);
  }

  /** Everything up to here has been written to its members; from here on it has another name. */
  rename(change: () => void): void {
    this.flushMessages();
    const before = this.name;
    change();
    if (this.name === before) return;
    this.recent.clear();
    for (const member of this.members()) member.roomRenamed(before, this.name);
  }

  /** Writes messages that wait, before a member is taken out or the name changes; presence may wait on. */
  flushMessages(): void {
    if (this.audience.hasMessages) this.flush(this.write);
  }

  private offer(seq: number): void {
    for (const [connection, cursor] of this.apart) {
      if (cursor.offer(seq)) this.goLive(connection);
    }
  }

  private goLive(connection: Connection): void {
    this.apart.delete(connection);
    connection.cursors.drop(this.key);
    if (connection.open) this.join(connection);
  }
}
