import { FrameType, type SyncOutcome } from '@parley/protocol';
import { createHash } from 'node:crypto';
import { Injectable, Logger, Inject } from '@nestjs/common';
import { Access } from '../../../chat/conversations/access.js';
import {
  ConversationStore,
  type DirectSummary,
} from '../../../chat/conversations/conversation-store.js';
import type { ConversationKey } from '../../../chat/conversations/key.js';
import { LOBBY, LOBBY_KEY } from '../../../chat/conversations/lobby.js';
import { principalOf } from '../../../chat/conversations/principal.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { randomSecret } from '../../../kernel/ids.js';
import type { Person } from '../../../kernel/person.js';
import { RECONNECT } from '../../wire/close-codes.js';
import { Hub } from '../../delivery/hub.js';
import { CatchUp } from '../../catch-up/catch-up.js';
import { formatDirects, Offset, parseDirects } from './offset.js';
import type { SocketIoConnection } from './socket-io-connection.js';

/** Private conversations considered, latest first. */
const MOST_DIRECTS = 100;
const LONGEST_ID = 32_768;
/** The chain, a mark of when it began (or began anew), and the positions in private then. */
const RECOVERY_ID = /^([\w-]{16})~[\w-]{6}(;\+)?((?:;.*)?)$/;

/** A conversation that a client has missed something of. */
interface Missed {
  readonly name: string;
  readonly conversation: ConversationKey;
  readonly since: number;
  readonly head: number;
}

/** A connecting client, returning or new. */
export interface Return {
  /** What it brings back, together with its offset, when it reconnects. */
  readonly id: string;
  /** The same over all of its reconnects. */
  readonly chain: string;
  readonly offset: Offset;
  /** Where to start catching up; null where it brought no offset. */
  readonly beginning: Beginning | null;
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
    private readonly catchUp: CatchUp,
    private readonly hub: Hub,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.most = settings.limits.syncMessages;
  }

  /** @param auth the client's CONNECT data */
  async welcomeBack(
    person: Person,
    auth: Readonly<Record<string, unknown>>,
    asksItself: boolean,
  ): Promise<Return> {
    const directs = await this.conversations.directs(person.id, MOST_DIRECTS);
    const beginning = parseId(auth['pid']);
    const chain = beginning?.chain ?? randomSecret().slice(0, 16);
    const offset = beginning === null ? null : Offset.parse(auth['offset']);
    if (beginning === null || offset === null || asksItself) {
      const offsetHere = offset ?? new Offset();
      return { id: idFor(chain, directs), chain, offset: offsetHere, beginning: null };
    }
    const missed = await this.readable(person, [
      this.missedInLobby(offset),
      ...missedDirects(directs, offset, beginning),
    ]);
    const isWhole = missed.every(({ since, head }) => head - since <= this.most);
    const id = isWhole ? String(auth['pid']) : idFor(chain, directs);
    return { id, chain, offset, beginning };
  }

  /**
   * Brings what was missed, before anything live. Called in the turn in which the connection was
   * let in.
   */
  bring(connection: SocketIoConnection, offset: Offset, beginning: Beginning): void {
    this.hub.hold(connection, LOBBY_KEY);
    connection.cursors.beginArriving();
    connection.introduce(() => this.recover(connection, offset, beginning));
  }

  private async recover(
    connection: SocketIoConnection,
    offset: Offset,
    beginning: Beginning,
  ): Promise<void> {
    try {
      // Asked again: messages that came during authentication were delivered to nobody.
      const directs = await this.conversations.directs(connection.person.id, MOST_DIRECTS);
      const lobby = this.missedInLobby(offset);
      const missed = await this.readable(connection.person, [
        lobby,
        ...missedDirects(directs, offset, beginning),
      ]);
      const positions = Object.fromEntries(missed.map(({ name, since }) => [name, since]));
      const { outcomes, more } = await this.catchUp.sync(connection, positions);
      if (missed.includes(lobby)) await this.releaseLobby(connection, lobby.since, outcomes);
      connection.enqueue(() => connection.standing());
      connection.send({ type: FrameType.Sync, data: outcomes, ...(more ? { more } : {}) });
    } catch (error) {
      this.logger.warn({ event: 'recovery-failed', connection: connection.id, error });
      connection.close(RECONNECT.tryLater);
    } finally {
      this.hub.abandon(connection, LOBBY_KEY);
    }
  }

  /** Sends live messages, from the one after the last that was brought. */
  private async releaseLobby(
    connection: SocketIoConnection,
    since: number,
    outcomes: Record<string, SyncOutcome>,
  ): Promise<void> {
    let reached = outcomes[LOBBY]?.seq ?? since;
    while (!this.hub.release(connection, LOBBY_KEY, reached)) {
      const outcome = (await this.catchUp.sync(connection, { [LOBBY]: reached })).outcomes[LOBBY];
      if (outcome === undefined) return;
      outcomes[LOBBY] = { ...outcomes[LOBBY], ...outcome };
      reached = outcome.seq;
    }
  }

  private missedInLobby(offset: Offset): Missed {
    const head = this.hub.heads()[LOBBY] ?? 0;
    const since = offset.room(LOBBY) ?? 0;
    return { name: LOBBY, conversation: LOBBY_KEY, since, head };
  }

  /** Drops conversations that the person may not read any more. */
  private async readable(person: Person, missed: readonly Missed[]): Promise<readonly Missed[]> {
    const principal = principalOf(person);
    const decisions = await Promise.all(
      missed.map(({ conversation }) => this.access.decide(principal, conversation, 'read')),
    );
    return missed.filter((_, at) => decisions[at]?.allowed === true);
  }
}

/** Positions in private conversations when a chain began. */
export interface Beginning {
  readonly chain: string;
  readonly directs: ReadonlyMap<string, number>;
  /** There were more of them than listed. */
  readonly isPartial: boolean;
}

function missedDirects(
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

function idFor(chain: string, directs: readonly DirectSummary[]): string {
  const partial = directs.length < MOST_DIRECTS ? '' : ';+';
  const positions = directs.map(({ with: { username }, seq }) => [username, seq] as const);
  return `${chain}~${randomSecret().slice(0, 6)}${partial}${formatDirects(positions)}`;
}

/**
 * The client's public id: the same for as long as what it brings back is valid, as in Socket.IO.
 * Apps show it to others, to whom it reveals nothing of the chain.
 */
export function socketIdOf(id: string): string {
  const [beginning = ''] = id.split(';', 1);
  return createHash('sha256').update(beginning).digest('base64url').slice(0, 20);
}

function parseId(id: unknown): Beginning | null {
  if (typeof id !== 'string' || id.length > LONGEST_ID) return null;
  const [, chain, partial, fields] = RECOVERY_ID.exec(id) ?? [];
  if (chain === undefined) return null;
  const directs = parseDirects((fields ?? '').split(';'));
  return directs && { chain, directs, isPartial: partial !== undefined };
}
