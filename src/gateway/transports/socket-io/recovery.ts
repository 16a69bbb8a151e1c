import { FrameType, type SyncOutcome } from '@parley/protocol';
import { Injectable, Logger, Inject } from '@nestjs/common';
import { Access } from '../../../chat/conversations/access.js';
import {
  ConversationStore,
  type DirectSummary,
} from '../../../chat/conversations/conversation-store.js';
import type { ConversationKey } from '../../../chat/conversations/key.js';
import { LOBBY_KEY } from '../../../chat/conversations/lobby.js';
import { principalOf } from '../../../chat/conversations/principal.js';
import { RoomBook } from '../../../chat/conversations/room-book.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import type { Person } from '../../../kernel/person.js';
import { RECONNECT } from '../../wire/close-codes.js';
import { Hub } from '../../delivery/hub.js';
import { RoomChannels } from '../../delivery/room-channels.js';
import { CatchUp } from '../../catch-up/catch-up.js';
import { Offset } from './offset.js';
import { type Beginning, idFor, MOST_DIRECTS, newChain, parseId } from './recovery-id.js';
import { type Missed, ReturningRooms, type RoomPositions } from './returning-rooms.js';
import type { SocketIoConnection } from './socket-io-connection.js';

/** A connecting client, returning or new. */
export interface Return {
  /** What it brings back, together with its offset, when it reconnects. */
  readonly id: string;
  /** The same over all of its reconnects. */
  readonly chain: string;
  readonly offset: Offset;
  /** Where to start catching up; null where it brought no offset. */
  readonly start: Start | null;
}

/** Where a returning client stands. */
export interface Start {
  readonly beginning: Beginning;
  readonly rooms: RoomPositions;
}

/** A room on hold while what was missed of it is brought. */
interface Held {
  readonly key: ConversationKey;
  readonly since: number;
}

/**
 * Socket.IO's connection state recovery, from the log. The service keeps no state of clients who
 * are gone: what they bring back, the offset of their last event and their id, says where they are.
 */
@Injectable()
export class Recovery {
  private readonly logger = new Logger(Recovery.name);
  private readonly most: number;

  constructor(
    private readonly conversations: ConversationStore,
    private readonly access: Access,
    private readonly rooms: ReturningRooms,
    private readonly book: RoomBook,
    private readonly channels: RoomChannels,
    private readonly catchUp: CatchUp,
    private readonly hub: Hub,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.most = settings.limits.syncMessages;
  }

  /**
   * @param person one whose rooms are known here
   * @param auth the client's CONNECT data
   */
  async welcomeBack(
    person: Person,
    auth: Readonly<Record<string, unknown>>,
    asksItself: boolean,
  ): Promise<Return> {
    const directs = await this.conversations.directs(person.id, MOST_DIRECTS);
    const beginning = parseId(auth['pid']);
    const chain = beginning?.chain ?? newChain();
    const offset = beginning === null ? null : Offset.parse(auth['offset']);
    if (beginning === null || offset === null || asksItself) {
      const id = idFor(chain, directs, this.rooms.headsOf(person));
      return { id, chain, offset: offset ?? new Offset(), start: null };
    }
    const rooms = await this.rooms.positions(person, offset, beginning);
    const missed = [
      ...[...rooms.now].map(([key, since]) => ({ since, head: this.headOf(key) })),
      ...rooms.before,
      ...(await this.missedDirects(person, directs, offset, beginning)),
    ];
    const fits = missed.every(({ since, head }) => head - since <= this.most);
    const isWhole = fits && !beginning.lacksRooms;
    const id = isWhole ? String(auth['pid']) : idFor(chain, directs, this.rooms.headsOf(person));
    return { id, chain, offset, start: { beginning, rooms } };
  }

  /**
   * Brings what was missed, before anything live. Called in the turn in which the connection was
   * let in.
   */
  bring(connection: SocketIoConnection, offset: Offset, start: Start): void {
    const held = connection.rooms
      .map((key) => ({ key, since: start.rooms.now.get(key) ?? this.headOf(key) }))
      // Of the lobby a client is told in any case.
      .filter(({ key, since }) => key === LOBBY_KEY || since !== this.headOf(key));
    for (const { key } of held) this.hub.hold(connection, key);
    connection.cursors.beginArriving();
    connection.introduce(() => this.recover(connection, offset, start, held));
  }

  private async recover(
    connection: SocketIoConnection,
    offset: Offset,
    start: Start,
    held: readonly Held[],
  ): Promise<void> {
    try {
      // Asked again: messages that came during authentication were delivered to nobody.
      const directs = await this.conversations.directs(connection.person.id, MOST_DIRECTS);
      const missed = [
        ...held.map(({ key, since }) => ({ name: this.book.nameOf(key), since })),
        ...start.rooms.before,
        ...(await this.missedDirects(connection.person, directs, offset, start.beginning)),
      ];
      const positions = Object.fromEntries(missed.map(({ name, since }) => [name, since]));
      const { outcomes, more } = await this.catchUp.sync(connection, positions);
      for (const one of held) await this.releaseRoom(connection, one, outcomes);
      connection.enqueue(() => connection.standing());
      connection.send({ type: FrameType.Sync, data: outcomes, ...(more ? { more } : {}) });
    } catch (error) {
      this.logger.warn({ event: 'recovery-failed', connection: connection.id, error });
      connection.close(RECONNECT.tryLater);
    } finally {
      for (const { key } of held) this.hub.abandon(connection, key);
    }
  }

  /** Sends live messages, from the one after the last that was brought. */
  private async releaseRoom(
    connection: SocketIoConnection,
    { key, since }: Held,
    outcomes: Record<string, SyncOutcome>,
  ): Promise<void> {
    let reached = outcomes[this.book.nameOf(key)]?.seq ?? since;
    while (!this.hub.release(connection, key, reached)) {
      const name = this.book.nameOf(key);
      const outcome = (await this.catchUp.sync(connection, { [name]: reached })).outcomes[name];
      if (outcome === undefined) return;
      outcomes[name] = { ...outcomes[name], ...outcome };
      reached = outcome.seq;
    }
  }

  private headOf(key: ConversationKey): number {
    return this.channels.get(key)?.head ?? 0;
  }

  /** Without conversations that the person may not read any more. */
  private async missedDirects(
    person: Person,
    directs: readonly DirectSummary[],
    offset: Offset,
    beginning: Beginning,
  ): Promise<readonly Missed[]> {
    const missed = missedOf(directs, offset, beginning);
    const principal = principalOf(person);
    const decisions = await Promise.all(
      missed.map(({ conversation }) => this.access.decide(principal, conversation, 'read')),
    );
    return missed.filter((_, at) => decisions[at]?.allowed === true);
  }
}

function missedOf(
  directs: readonly DirectSummary[],
  offset: Offset,
  beginning: Beginning,
): readonly Missed[] {
  return directs.flatMap(({ conversation, with: { username }, seq: head }) => {
    const fallback = beginning.isPartial ? head : 0;
    const since = offset.direct(username) ?? beginning.directs.get(username) ?? fallback;
    return since < head ? [{ name: `@${username}`, conversation, since, head }] : [];
  });
}
