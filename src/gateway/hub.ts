import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type ConversationKey, LOBBY, roomKey } from '../chat/conversation.js';
import type { LiveEvent } from '../chat/event.js';
import { MessageBus } from '../chat/message-bus.js';
import { MessageStore } from '../chat/message-store.js';
import { Clock } from '../kernel/clock.js';
import { Audience } from './audience.js';
import type { Connection } from './connection.js';
import { ConnectionRegistry } from './connection-registry.js';
import { DeliveryMarks } from './delivery-marks.js';
import { EncodedFrame } from './encoded-frame.js';
import { toFrame } from './event-frame.js';
import type { ServerFrame } from './frames.js';
import { Outlet } from './outlet.js';
import { Pace } from './pace.js';

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
  private readonly lobby = new Audience();
  private lobbyHead = 0;
  /** Up to where the room's members have been written to. */
  private lobbyTold = 0;
  /** Who finished a Sync ahead of the hub: a member again with the first event after the floor. */
  private ahead: { readonly connection: Connection; readonly floor: number }[] = [];
  private readonly heldHeads = new Map<ConversationKey, HeldHead>();
  /** Connections with something of their own to be written. */
  private gathered: Connection[] = [];
  /** Messages since the last flush. */
  private carried = 0;
  private readonly pace: Pace;
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly store: MessageStore,
    private readonly bus: MessageBus,
    private readonly registry: ConnectionRegistry,
    private readonly marks: DeliveryMarks,
    private readonly outlet: Outlet,
    clock: Clock,
  ) {
    this.pace = new Pace(clock, () => this.flush());
  }

  async onModuleInit(): Promise<void> {
    const heads = await this.store.heads([LOBBY_KEY]);
    this.lobbyHead = heads.get(LOBBY_KEY) ?? 0;
    this.lobbyTold = this.lobbyHead;
    this.unsubscribe = this.bus.subscribe((batch) => {
      this.deliver(batch);
    });
  }

  onApplicationShutdown(): void {
    this.unsubscribe?.();
    this.pace.cancel();
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
    if (this.ahead.length > 0) {
      this.ahead = this.ahead.filter((one) => one.connection !== connection);
    }
    for (const key of connection.held ?? []) this.unhold(connection, key);
  }

  /** Called by a connection that has something of its own to be written. */
  readonly gather = (connection: Connection): void => {
    this.gathered.push(connection);
    this.pace.request();
  };

  /** Tells everybody who came, who went, or who is here. */
  announce(frame: ServerFrame): void {
    this.lobby.tell(new EncodedFrame(frame), 'presence', null);
    this.pace.requestLater();
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
      this.ahead.push({ connection, floor: upTo });
    } else {
      this.join(connection);
    }
    return true;
  }

  /** Ends a hold that was not released: the Sync failed, and live events go on all the same. */
  abandon(connection: Connection, key: ConversationKey): void {
    if (!connection.held?.has(key)) return;
    this.unhold(connection, key);
    if (key === LOBBY_KEY && connection.open) this.join(connection);
  }

  /** Writes everything that waits, now. */
  flushPending(): void {
    if (this.carried > 0 || this.gathered.length > 0) this.pace.run();
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
    this.pace.request();
  }

  private deliverToRoom(event: LiveEvent): void {
    if (this.ahead.length > 0) this.admitThoseAhead(event.seq);
    this.lobbyHead = event.seq;
    this.lobby.tell(new EncodedFrame(toFrame(event)), 'message', event.origin);
  }

  private admitThoseAhead(seq: number): void {
    const ready = this.ahead.filter((one) => one.floor < seq);
    if (ready.length === 0) return;
    this.ahead = this.ahead.filter((one) => one.floor >= seq);
    for (const { connection } of ready) if (connection.open) this.join(connection);
  }

  private deliverDirect(event: LiveEvent, recipientId: string): void {
    const frame = new EncodedFrame(toFrame(event));
    for (const personId of [recipientId, event.author.id]) {
      let reached = personId === event.author.id;
      for (const connection of this.registry.ofPerson(personId)) {
        if (!connection.open || connection.id === event.origin) continue;
        if (!passesFloor(connection, event)) continue;
        connection.deliver(frame);
        reached = true;
      }
      if (reached) this.marks.note(personId, event.conversation, event.seq);
    }
  }

  private flushMessages(): void {
    this.lobbyTold = this.lobbyHead;
    this.lobby.flushMessages(this.outlet);
  }

  private flush(): number {
    const carried = this.carried;
    this.carried = 0;
    this.lobbyTold = this.lobbyHead;
    this.lobby.flush(this.outlet);
    const gathered = this.gathered;
    this.gathered = [];
    for (const connection of gathered) {
      if (connection.outbox !== null) this.outlet.write(connection, null, null);
    }
    return carried;
  }
}

function passesFloor(connection: Connection, event: LiveEvent): boolean {
  if (connection.held?.has(event.conversation)) return false;
  const floor = connection.floors?.get(event.conversation);
  if (floor === undefined) return true;
  if (event.seq <= floor) return false;
  connection.floors?.delete(event.conversation);
  return true;
}
