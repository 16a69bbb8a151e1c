import { Inject, Injectable } from '@nestjs/common';
import type { SyncOutcome } from '@parley/protocol';
import { PersonBudget } from '../../auth/person-budget.js';
import {
  ConversationFinder,
  IN_PRIVATE,
  type ReadableConversation,
} from '../../chat/messages/conversation-finder.js';
import { Access } from '../../chat/conversations/access.js';
import type { DirectSummary } from '../../chat/conversations/conversation-store.js';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { firstVisible } from '../../chat/conversations/room.js';
import { RoomBook } from '../../chat/conversations/room-book.js';
import { principalOf } from '../../chat/conversations/principal.js';
import { EventLog } from '../../chat/log/event-log.js';
import { MarkStore, type UndeliveredCursor } from '../../chat/marks/mark-store.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { Connection } from '../connections/connection.js';
import { DeliveryMarks } from '../../chat/marks/delivery-marks.js';
import { Hub } from '../delivery/hub.js';
import { CatchUpGate } from './catch-up-gate.js';
import { COMFORTABLE_QUEUE, LogReader, PAGE, type Stretch } from './log-reader.js';
import { UndeliveredCheck } from './undelivered-check.js';

/** Private conversations brought unasked; the next Sync brings more. */
const MOST_UNASKED = 1_000;
/** Of these, how many are read from the store at a time. */
const UNASKED_PAGE = 100;
/** Extra cost of a Sync: by conversations looked up, and by messages. */
const NAMES_PER_UNIT = 5;
const MESSAGES_PER_UNIT = 100;

/** What a client asked for, looked up. */
interface Wanted {
  readonly found: ReadableConversation;
  readonly since: number;
}

/** The head of a conversation. */
type HeadOf = (conversation: ConversationKey) => Promise<number>;

/** The result of a Sync. */
export interface Synced {
  /** By each conversation's name. */
  readonly outcomes: Record<string, SyncOutcome>;
  /** More private conversations hold something undelivered, for the next Sync. */
  readonly more: boolean;
}

/**
 * Brings a connection what it missed, in order, straight from the log. Live events of the
 * conversation are held back until the log has been read to its end.
 */
@Injectable()
export class CatchUp {
  private readonly most: number;
  /** Messages sent to returning clients from memory. */
  private fromMemory = 0;

  constructor(
    private readonly log: EventLog,
    private readonly waiting: MarkStore,
    private readonly access: Access,
    private readonly book: RoomBook,
    private readonly reader: LogReader,
    private readonly finder: ConversationFinder,
    private readonly hub: Hub,
    private readonly marks: DeliveryMarks,
    private readonly gate: CatchUpGate,
    private readonly undelivered: UndeliveredCheck,
    private readonly budget: PersonBudget,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.most = settings.limits.syncMessages;
  }

  /** Messages sent to returning clients. */
  get caughtUp(): number {
    return this.fromMemory + this.reader.sent;
  }

  /**
   * @param positions the client's position in each conversation. Names of the same conversation are
   *   merged, at the lowest position
   * @returns the outcome for each; the first time, if the client said that it resumes, also for
   *   private conversations that it did not name and that have something undelivered
   * @throws Refusal where the client may not read a conversation; nothing was sent then
   */
  async sync(connection: Connection, positions: Readonly<Record<string, number>>): Promise<Synced> {
    const outcomes: Record<string, SyncOutcome> = {};
    if (!connection.resumes && Object.keys(positions).length === 0) {
      return { outcomes, more: false };
    }
    const named = Object.keys(positions).length;
    this.budget.charge(connection.person.id, named / NAMES_PER_UNIT);
    await this.gate.enter();
    const wanted = await this.lookUp(connection, positions);
    const headOf = this.headsOf([...wanted.keys()]);
    for (const { found, since } of wanted.values()) {
      outcomes[found.name] = await this.catchUp(connection, found, since, headOf);
    }
    if (!connection.resumes) return { outcomes, more: false };
    const missed = await this.deliverMissed(connection, new Set(wanted.keys()));
    connection.caughtUp(missed.more);
    return { outcomes: { ...outcomes, ...missed.outcomes }, more: missed.more };
  }

  /**
   * Sends private messages that none of the person's connections has received, and then those that
   * came meanwhile. From here on private messages are live.
   */
  async deliverMissed(
    connection: Connection,
    except: ReadonlySet<ConversationKey> = new Set(),
  ): Promise<Synced> {
    const brought = await this.deliverUndelivered(connection, except);
    connection.broughtMissed(brought.more);
    await this.deliverWaiting(connection);
    return brought;
  }

  /**
   * Brings somebody into a room that was not open here when they came: the log from there on, then
   * what is live. The room is open by now.
   */
  async bringIn(connection: Connection, key: ConversationKey, stretch: Stretch): Promise<void> {
    if (!connection.open) return;
    connection.enterRoom(key);
    this.hub.hold(connection, key);
    await this.reader.read(connection, key, stretch);
  }

  private async deliverUndelivered(
    connection: Connection,
    except: ReadonlySet<ConversationKey>,
  ): Promise<Synced> {
    const outcomes: Record<string, SyncOutcome> = {};
    if (!(await this.undelivered.has(connection.person.id))) return { outcomes, more: false };
    let left = MOST_UNASKED;
    const principal = principalOf(connection.person);
    for await (const direct of this.undeliveredOf(connection.person.id)) {
      if (except.has(direct.conversation)) continue;
      if (!(await this.access.decide(principal, direct.conversation, 'read')).allowed) continue;
      if (left === 0) return { outcomes, more: true };
      left--;
      const since = Math.max(direct.delivered, direct.seq - this.most);
      const headOf = (): Promise<number> => Promise.resolve(direct.seq);
      const name = `@${direct.with.username}`;
      const found = { ...IN_PRIVATE, conversation: direct.conversation, other: direct.with, name };
      outcomes[name] = await this.catchUp(connection, found, since, headOf);
      // What goes to a closed socket must not count as delivered.
      if (!connection.open) break;
    }
    return { outcomes, more: false };
  }

  /** Leaves out what was delivered a moment ago, and is not yet in the store. */
  private async *undeliveredOf(personId: string): AsyncGenerator<DirectSummary> {
    let after: UndeliveredCursor | undefined;
    for (;;) {
      const page = await this.waiting.undeliveredDirects(personId, UNASKED_PAGE, after);
      for (const direct of page) {
        const noted = this.marks.noted(personId, direct.conversation);
        const delivered = Math.max(direct.delivered, noted);
        if (delivered < direct.seq) yield { ...direct, delivered };
      }
      const last = page.at(-1);
      if (last === undefined || page.length < UNASKED_PAGE) return;
      after = { acquaintance: last.acquaintance, peerId: last.with.id };
    }
  }

  /** Sends private messages that came during the catch-up. */
  private async deliverWaiting(connection: Connection): Promise<void> {
    const { cursors } = connection;
    for (
      let next = cursors.nextArriving();
      next && connection.open;
      next = cursors.nextArriving()
    ) {
      const [conversation, seq] = next;
      const brought = cursors.aheadOf(conversation) ?? 0;
      this.hub.hold(connection, conversation);
      const since = Math.max(seq - 1, brought);
      const reached = await this.reader.read(connection, conversation, { ...IN_PRIVATE, since });
      // With older messages still to come in the conversation, these must not count as delivered.
      if (!connection.hasMore) this.marks.note(connection.person.id, conversation, reached);
    }
    cursors.endArriving();
  }

  private async lookUp(
    connection: Connection,
    positions: Readonly<Record<string, number>>,
  ): Promise<ReadonlyMap<ConversationKey, Wanted>> {
    const wanted = new Map<ConversationKey, Wanted>();
    for (const [given, since] of Object.entries(positions)) {
      const found = await this.finder.readable(connection.person, given);
      const least = Math.min(since, wanted.get(found.conversation)?.since ?? since);
      wanted.set(found.conversation, { found, since: least });
    }
    return wanted;
  }

  /** One query for all of them, and none where no head is needed. */
  private headsOf(conversations: readonly ConversationKey[]): HeadOf {
    let asked: Promise<ReadonlyMap<ConversationKey, number>> | null = null;
    return async (conversation) => {
      asked ??= this.log.heads(conversations);
      return (await asked).get(conversation) ?? 0;
    };
  }

  private async catchUp(
    connection: Connection,
    found: ReadableConversation,
    asked: number,
    headOf: HeadOf,
  ): Promise<SyncOutcome> {
    const { conversation, from, until, joined } = await this.asOfNow(connection, found, asked);
    const since = Math.max(asked, from - 1);
    const visible = asked < from - 1 ? { from } : {};
    const recent = this.sendRecent(connection, conversation, since);
    if (recent !== null) return { ...recent, ...visible };
    const head = Math.min(await headOf(conversation), until ?? Number.POSITIVE_INFINITY);
    if (since >= head) {
      this.hub.skip(connection, conversation, head);
      return { seq: head, complete: true, ...visible };
    }
    if (head - since > this.most) {
      return { seq: head, complete: false, after: since, ...visible };
    }
    this.hub.hold(connection, conversation);
    const { name } = found;
    const stretch = { since, until, joined, name };
    const reached = await this.reader.read(connection, conversation, stretch);
    this.budget.charge(connection.person.id, (reached - since) / MESSAGES_PER_UNIT);
    this.marks.note(connection.person.id, conversation, reached);
    return { seq: reached, complete: true, ...visible };
  }

  /** The person may have come or gone since the conversation was looked up. */
  private async asOfNow(
    { person }: Connection,
    found: ReadableConversation,
    asked: number,
  ): Promise<ReadableConversation> {
    // The client had more of it from another node: perhaps the Part, too, of which this one has not heard.
    if (this.hub.isBehind(found.conversation, asked)) {
      return this.finder.readableByNow(person, found.name);
    }
    const room = this.book.room(found.conversation);
    const membership = this.book.membership(person.id, found.conversation);
    if (room === null || membership === null) return found;
    const { joined } = membership;
    return { ...found, from: firstVisible(room, membership), until: null, joined };
  }

  /** From memory, within this turn: no live event can come in between. */
  private sendRecent(
    connection: Connection,
    conversation: ConversationKey,
    since: number,
  ): SyncOutcome | null {
    // The latest events of a room are for those who are in it.
    if (!connection.isIn(conversation) || connection.cursors.isReading(conversation)) return null;
    if (this.hub.isHead(conversation, since)) {
      this.hub.passOver(connection, conversation);
      return { seq: since, complete: true };
    }
    const recent = this.hub.recentAfter(conversation, since);
    if (recent === null || recent.length > Math.min(PAGE, this.most)) return null;
    const bytes = Buffer.concat(recent.map((frame) => connection.encodeShared(frame)));
    if (bytes.length + connection.channel.queuedBytes > COMFORTABLE_QUEUE) return null;
    this.hub.passOver(connection, conversation);
    connection.write(bytes);
    this.fromMemory += recent.length;
    this.budget.charge(connection.person.id, recent.length / MESSAGES_PER_UNIT);
    return { seq: since + recent.length, complete: true };
  }
}
