import { Injectable } from '@nestjs/common';
import { type ConversationKey, parseKey } from '../../chat/conversations/key.js';
import { RoomBook } from '../../chat/conversations/room-book.js';
import type { ChatEvent } from '../../chat/log/event.js';
import { EventLog } from '../../chat/log/event-log.js';
import { partKind } from '../../chat/messages/kinds/part.js';
import { roomKind } from '../../chat/messages/kinds/room.js';
import type { Connection } from '../connections/connection.js';
import { Hub } from '../delivery/hub.js';
import { RoomMoves } from '../delivery/room-moves.js';
import { toFrame } from '../wire/event-frame.js';

/** Events per page, and at most from memory. */
export const PAGE = 200;
/** How much may be queued in the socket before the next page is read. */
export const COMFORTABLE_QUEUE = 128 * 1024;

/** What of a log somebody is brought. */
export interface Stretch {
  /** Only events above this number. */
  readonly since: number;
  /** The last one: where the person went from the room; null: to the end, and from there on live. */
  readonly until: number | null;
  /** The number at which the person joined: an own Part above it is the last event to be brought. */
  readonly joined: number;
  /** The room's name, where this node need not know it: of one that the person has gone from. */
  readonly name?: string;
}

/**
 * Reads a conversation's log to a connection, page by page, as fast as it takes them. Live events
 * are on hold meanwhile, and go on where the log ends.
 */
@Injectable()
export class LogReader {
  /** Events sent from the log. */
  sent = 0;
  private readonly readings = new WeakMap<Connection, Map<ConversationKey, Promise<unknown>>>();
  /** Rooms that the store had somebody in, and this node had not heard of yet: as many as one may be in. */
  private readonly unheard = new WeakMap<Connection, Map<ConversationKey, number>>();

  constructor(
    private readonly log: EventLog,
    private readonly book: RoomBook,
    private readonly hub: Hub,
    private readonly moves: RoomMoves,
  ) {}

  /**
   * Sends what comes after `since`, and releases the conversation where it is on hold.
   * @returns the number up to which it was sent
   * @throws Refusal where the store cannot answer, by rejection; live events go on all the same
   */
  read(connection: Connection, key: ConversationKey, stretch: Stretch): Promise<number> {
    const readings = this.readings.get(connection) ?? new Map<ConversationKey, Promise<unknown>>();
    this.readings.set(connection, readings);
    const reading = this.readOn(connection, key, stretch).finally(() => {
      this.hub.abandon(connection, key);
      if (readings.get(key) === reading) readings.delete(key);
    });
    readings.set(key, reading);
    if (parseKey(key).kind === 'direct' || stretch.until !== null) return reading;
    return reading.then((reached) => {
      if (!connection.isIn(key)) this.noteUnheard(connection, key, reached);
      return reached;
    });
  }

  /**
   * Up to where a room was brought to the connection before this node had heard that its person is in it:
   * it must not be brought again. 0 where it was not.
   */
  broughtTo(connection: Connection, key: ConversationKey): number {
    return this.unheard.get(connection)?.get(key) ?? 0;
  }

  /** Whether the conversation's log is being read to the connection. */
  isReading(connection: Connection, key: ConversationKey): boolean {
    return this.readings.get(connection)?.has(key) === true;
  }

  /** Resolves when it is not. */
  async idle(connection: Connection, key: ConversationKey): Promise<void> {
    // Whoever reads gets the failure.
    await this.readings
      .get(connection)
      ?.get(key)
      ?.catch(() => undefined);
  }

  private noteUnheard(connection: Connection, key: ConversationKey, reached: number): void {
    const unheard = this.unheard.get(connection) ?? new Map<ConversationKey, number>();
    this.unheard.set(connection, unheard.set(key, reached));
  }

  private async readOn(
    connection: Connection,
    key: ConversationKey,
    stretch: Stretch,
  ): Promise<number> {
    let reached = stretch.since;
    for (;;) {
      if (connection.channel.queuedBytes > COMFORTABLE_QUEUE) await connection.channel.drained();
      const page = await this.log.page(key, { after: reached, limit: PAGE });
      // What goes to a closed socket must not count as delivered.
      if (!connection.open) return reached;
      const part = this.ownPartIn(page, connection, key, stretch.joined);
      const last = Math.min(part, stretch.until ?? part, connection.cursors.lastOf(key) ?? part);
      const events = page.filter(({ seq }) => seq <= last);
      this.send(connection, key, events, stretch.name ?? '');
      reached = events.at(-1)?.seq ?? reached;
      // Ahead of the live Part, for which the person's other connections wait.
      if (reached === part) this.moves.cut(connection, key, part);
      if (reached >= last || (page.length === 0 && Number.isFinite(last))) return reached;
      // The last one may have been stored since this page was read: then it is on the next.
      const isAtEnd = page.length < PAGE && !Number.isFinite(last);
      if (isAtEnd && this.hub.release(connection, key, reached)) return reached;
    }
  }

  private send(
    connection: Connection,
    key: ConversationKey,
    events: readonly ChatEvent[],
    nameThen: string,
  ): void {
    const name = this.nameOf(key, events) ?? nameThen;
    const frames = events.map((event) => connection.encode(toFrame(event, name)));
    connection.write(Buffer.concat(frames));
    this.sent += frames.length;
  }

  /** The name that holds now, which may have been read before it comes live. */
  private nameOf(key: ConversationKey, events: readonly ChatEvent[]): string | undefined {
    const head = this.hub.headOf(key) ?? Number.POSITIVE_INFINITY;
    const change = events.filter(({ kind, seq }) => kind === roomKind.kind && seq > head).at(-1);
    return change === undefined ? this.book.room(key)?.name : roomKind.read(change).room.name;
  }

  /** The number of the Part with which the membership ended; infinite where it goes on. */
  private ownPartIn(
    page: readonly ChatEvent[],
    { person }: Connection,
    key: ConversationKey,
    joinedThen: number,
  ): number {
    const joined = Math.max(joinedThen, this.book.membership(person.id, key)?.joined ?? 0);
    const part = page.find(
      ({ kind, author, seq }) => kind === partKind.kind && author.id === person.id && seq > joined,
    );
    return part?.seq ?? Number.POSITIVE_INFINITY;
  }
}
