import { Injectable, Logger, Inject } from '@nestjs/common';
import { type ConversationKey, LOBBY, roomKey } from '../../../chat/conversation.js';
import { type DirectSummary, MessageStore } from '../../../chat/message-store.js';
import { SETTINGS, type Settings } from '../../../config/settings.js';
import { randomSecret } from '../../../kernel/ids.js';
import type { Person } from '../../../kernel/person.js';
import { FrameType, type SyncOutcome } from '../../frames.js';
import { Hub } from '../../hub.js';
import { RejectFilter } from '../../reject.filter.js';
import { Resume } from '../../resume.js';
import { formatDirects, Offset, parseDirects } from './offset.js';
import type { SocketIoConnection } from './socket-io-connection.js';

/** Private conversations that are looked at, latest first. */
const MOST_DIRECTS = 100;
const LONGEST_ID = 32_768;
/** The chain, a mark of the time it began (or began anew), and how private conversations stood then. */
const RECOVERY_ID = /^([\w-]{16})~[\w-]{6}(;\+)?((?:;.*)?)$/;

/** Something that a client has missed. */
interface Missed {
  readonly name: string;
  readonly conversation: ConversationKey;
  readonly since: number;
  readonly head: number;
}

/** A client, as one that came back or as a new one. */
export interface Return {
  /** What it is told to bring along, together with its offset, when it comes back. */
  readonly id: string;
  /** The same over all of its returns. */
  readonly chain: string;
  readonly offset: Offset;
  /** What it is to be brought; null where it brought no offset. */
  readonly missed: readonly Missed[] | null;
}

/**
 * Socket.IO's connection state recovery, from the log. Nothing is kept of those who have gone: what
 * they bring back, the offset of their last event and the id that they were given, says where they
 * stand.
 */
@Injectable()
export class Recovery {
  private readonly logger = new Logger(Recovery.name);
  private readonly most: number;

  constructor(
    private readonly store: MessageStore,
    private readonly resume: Resume,
    private readonly hub: Hub,
    private readonly filter: RejectFilter,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.most = settings.limits.syncMessages;
  }

  /** @param auth what the client brought in its CONNECT packet */
  async welcomeBack(
    person: Person,
    auth: Readonly<Record<string, unknown>>,
    asksItself: boolean,
  ): Promise<Return> {
    const directs = await this.store.directs(person.id, MOST_DIRECTS);
    const known = parseId(auth['pid']);
    const chain = known?.chain ?? randomSecret().slice(0, 16);
    const offset = known === null ? null : Offset.parse(auth['offset']);
    if (known === null || offset === null || asksItself) {
      return { id: idFor(chain, directs), chain, offset: offset ?? new Offset(), missed: null };
    }
    const missed = [this.missedInLobby(offset), ...missedDirects(directs, offset, known)];
    const isWhole = missed.every(({ since, head }) => head - since <= this.most);
    const id = isWhole ? String(auth['pid']) : idFor(chain, directs);
    return { id, chain, offset, missed };
  }

  /**
   * Brings what was missed, before anything live. To be called in the turn in which the connection
   * was let in.
   */
  bring(connection: SocketIoConnection, missed: readonly Missed[]): void {
    for (const { conversation } of missed) this.hub.hold(connection, conversation);
    connection.ready = this.catchUp(connection, missed, connection.ready);
  }

  private async catchUp(
    connection: SocketIoConnection,
    missed: readonly Missed[],
    ready: Promise<void>,
  ): Promise<void> {
    await ready;
    try {
      const positions = Object.fromEntries(missed.map(({ name, since }) => [name, since]));
      const outcomes = await this.resume.sync(connection, positions);
      for (const one of missed) await this.release(connection, one, outcomes);
      connection.enqueue(() => connection.standing());
      connection.send({ type: FrameType.Sync, data: outcomes });
    } catch (error) {
      this.logger.warn({ event: 'recovery-failed', connection: connection.id });
      this.filter.answer(connection, error, null);
    } finally {
      for (const { conversation } of missed) this.hub.abandon(connection, conversation);
    }
  }

  /** Lets live messages through, from the one after the last that was brought. */
  private async release(
    connection: SocketIoConnection,
    { name, conversation, since }: Missed,
    outcomes: Record<string, SyncOutcome>,
  ): Promise<void> {
    let reached = outcomes[name]?.seq ?? since;
    while (!this.hub.release(connection, conversation, reached)) {
      const outcome = (await this.resume.sync(connection, { [name]: reached }))[name];
      if (outcome === undefined) return;
      outcomes[name] = { ...outcomes[name], ...outcome };
      reached = outcome.seq;
    }
  }

  private missedInLobby({ lobby }: Offset): Missed {
    const head = this.hub.heads()[LOBBY] ?? 0;
    return { name: LOBBY, conversation: roomKey(LOBBY), since: lobby, head };
  }
}

/** How private conversations stood when a chain began. */
interface Beginning {
  readonly chain: string;
  readonly directs: ReadonlyMap<string, number>;
  /** There were more of them than it says. */
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

function parseId(id: unknown): Beginning | null {
  if (typeof id !== 'string' || id.length > LONGEST_ID) return null;
  const [, chain, partial, fields] = RECOVERY_ID.exec(id) ?? [];
  if (chain === undefined) return null;
  const directs = parseDirects((fields ?? '').split(';'));
  return directs && { chain, directs, isPartial: partial !== undefined };
}
