import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { type ConversationKey, parseKey } from '../../chat/conversations/key.js';
import type { Membership } from '../../chat/conversations/room.js';
import { RoomBook } from '../../chat/conversations/room-book.js';
import { RoomStore } from '../../chat/conversations/room-store.js';
import type { Connection } from '../connections/connection.js';
import { ConnectionRegistry } from '../connections/connection-registry.js';
import { RoomChannels } from '../delivery/room-channels.js';
import { type MovesWatch, RoomMoves } from '../delivery/room-moves.js';
import { RECONNECT } from '../wire/close-codes.js';
import { CatchUp } from './catch-up.js';
import { LogReader, type Stretch } from './log-reader.js';

/** One person's moves in one room, one after the other. */
interface Moving {
  /** Resolves when all of them are carried out. */
  done: Promise<void>;
  /** The person came or went again since the store was asked. */
  isStale: boolean;
  /** The number of the latest Join that is being carried out. */
  joined: number;
}

/** People whose former time in a room was brought before it came live. */
const MOST_AHEAD = 10_000;

/**
 * Brings people into rooms, and takes them out, where that cannot be done in the turn in which it is
 * heard of: the room is not open here, or what happened was heard of late.
 */
@Injectable()
export class RoomArrivals implements MovesWatch, OnModuleInit {
  private readonly logger = new Logger(RoomArrivals.name);
  /** By person and room. */
  private readonly moving = new Map<string, Moving>();
  /** By person and room: up to where a former time was brought that is still to come live. */
  private readonly ahead = new Map<string, number>();

  constructor(
    private readonly registry: ConnectionRegistry,
    private readonly channels: RoomChannels,
    private readonly moves: RoomMoves,
    private readonly book: RoomBook,
    private readonly store: RoomStore,
    private readonly catchUp: CatchUp,
    private readonly reader: LogReader,
  ) {}

  onModuleInit(): void {
    this.moves.watchWith(this);
  }

  cameLate(personId: string, key: ConversationKey, seq: number): void {
    const upTo = this.ahead.get(nameOf(personId, key));
    if (upTo !== undefined && seq <= upTo) return;
    this.markStale(personId, key);
    void this.bringIn(personId, key, seq);
  }

  went(personId: string, key: ConversationKey, seq: number): void {
    const name = nameOf(personId, key);
    if (seq >= (this.ahead.get(name) ?? seq)) this.ahead.delete(name);
    this.markStale(personId, key);
  }

  isMoving(personId: string, key: ConversationKey): boolean {
    const name = nameOf(personId, key);
    if (this.moving.has(name) || this.ahead.has(name)) return true;
    return this.registry.ofPerson(personId).some((one) => this.reader.isReading(one, key));
  }

  /**
   * Resolves when the person's connections are in the room, or have been brought all of it that is
   * theirs. Never rejects: where the store cannot answer they are closed, and come back.
   * @param seq the number at which the person came
   */
  bringIn(personId: string, key: ConversationKey, seq: number): Promise<void> {
    const known = this.moving.get(nameOf(personId, key));
    // It was heard of twice: by the bus, and by what the store says.
    if (known !== undefined && seq <= known.joined) return known.done;
    const done = this.inTurn(personId, key, (moving) => this.admit(personId, key, seq, moving));
    const moving = this.moving.get(nameOf(personId, key));
    if (moving !== undefined) moving.joined = seq;
    return done;
  }

  /**
   * Takes the person, who is gone by what the store says, out of a room: what came up to then is
   * brought first. Never rejects, as {@link bringIn}.
   */
  takeOut(personId: string, key: ConversationKey): Promise<void> {
    return this.inTurn(personId, key, () => this.dismiss(personId, key));
  }

  private inTurn(
    personId: string,
    key: ConversationKey,
    move: (moving: Moving) => Promise<void>,
  ): Promise<void> {
    const name = nameOf(personId, key);
    const moving = this.moving.get(name) ?? { done: Promise.resolve(), isStale: false, joined: -1 };
    this.moving.set(name, moving);
    const done = moving.done
      .then(() => move(moving))
      .catch((error: unknown) => {
        this.fail(personId, error);
      })
      .finally(() => {
        if (moving.done === done) this.moving.delete(name);
      });
    moving.done = done;
    return done;
  }

  private markStale(personId: string, key: ConversationKey): void {
    const moving = this.moving.get(nameOf(personId, key));
    if (moving !== undefined) moving.isStale = true;
  }

  private async admit(
    personId: string,
    key: ConversationKey,
    seq: number,
    moving: Moving,
  ): Promise<void> {
    await this.channels.keep(key);
    let isIn = false;
    try {
      const membership = await this.membershipOf(personId, key, moving);
      if (membership === null) return;
      const isOver = membership.left !== null || membership.joined > seq;
      isIn = !isOver && this.canEnter(personId, key);
      if (isIn) {
        this.book.enter(personId, key, membership);
        await this.bring(personId, (connection) =>
          this.catchUp.bringIn(connection, key, this.stretchTo(connection, key, seq, null)),
        );
      } else if (isOver) {
        const until = membership.left ?? membership.joined - 1;
        let reached = 0;
        await this.bring(personId, async (connection) => {
          const stretch = this.stretchTo(connection, key, seq, until);
          const upTo = await this.reader.read(connection, key, stretch);
          reached = Math.max(reached, Math.min(upTo, until));
        });
        this.noteAhead(personId, key, reached);
      }
    } finally {
      if (!isIn) this.channels.letGo(key);
    }
  }

  /** From the number on at which the person came, as far as the connection does not have it by a Sync. */
  private stretchTo(
    connection: Connection,
    key: ConversationKey,
    joined: number,
    until: number | null,
  ): Stretch {
    const since = Math.max(joined - 1, this.reader.broughtTo(connection, key));
    return { since, until, joined };
  }

  /** What of it comes live only now was told already. */
  private noteAhead(personId: string, key: ConversationKey, reached: number): void {
    if ((this.channels.get(key)?.head ?? reached) >= reached) return;
    this.ahead.set(nameOf(personId, key), reached);
    const [oldest] = this.ahead.keys();
    if (this.ahead.size > MOST_AHEAD && oldest !== undefined) this.ahead.delete(oldest);
  }

  /** Asked once the room is followed: what comes after the answer comes live. */
  private async membershipOf(
    personId: string,
    key: ConversationKey,
    moving: Moving,
  ): Promise<Membership | null> {
    for (;;) {
      moving.isStale = false;
      const membership = await this.store.membership(idOf(key), personId);
      // What is being read to them of the time before comes first.
      const readings = this.registry.ofPerson(personId).map((one) => this.reader.idle(one, key));
      await Promise.all(readings);
      if (!isStale(moving)) return membership;
    }
  }

  private canEnter(personId: string, key: ConversationKey): boolean {
    const isOut = this.book.membership(personId, key) === null;
    return isOut && this.book.knows(personId) && this.book.room(key) !== null;
  }

  private async bring(
    personId: string,
    toOne: (connection: Connection) => Promise<unknown>,
  ): Promise<void> {
    await Promise.all(this.registry.ofPerson(personId).map(toOne));
  }

  private async dismiss(personId: string, key: ConversationKey): Promise<void> {
    const membership = await this.store.membership(idOf(key), personId);
    const until = membership?.left ?? null;
    const known = this.book.membership(personId, key);
    const channel = this.channels.get(key);
    // Came again meanwhile, or is out of it already.
    if (until === null || known === null || channel === undefined || known.joined > until) return;
    const { joined } = known;
    const behind = this.registry
      .ofPerson(personId)
      .filter(({ cursors }) => channel.head < until && !cursors.isReading(key))
      .map((connection) => ({
        connection,
        since: Math.max(channel.head, connection.cursors.aheadOf(key) ?? 0),
      }));
    this.channels.keepOpen(key);
    try {
      this.moves.takeOut(personId, key, until);
      await Promise.all(
        behind.map(({ connection, since }) =>
          this.reader.read(connection, key, { since, until, joined }),
        ),
      );
    } finally {
      this.channels.letGo(key);
    }
  }

  /** A connection that went on without what it missed would never learn of the gap. */
  private fail(personId: string, error: unknown): void {
    this.logger.error({ event: 'room-not-brought', error });
    for (const connection of this.registry.ofPerson(personId)) connection.close(RECONNECT.tryLater);
  }
}

/** It may have become so meanwhile, which the compiler does not see. */
function isStale(moving: Moving): boolean {
  return moving.isStale;
}

function nameOf(personId: string, key: ConversationKey): string {
  return `${personId} ${key}`;
}

function idOf(key: ConversationKey): string {
  const parsed = parseKey(key);
  return parsed.kind === 'room' ? parsed.roomId : '';
}
