import { Inject, Injectable } from '@nestjs/common';
import type { SyncOutcome } from '@parley/protocol';
import { PersonBudget } from '../../auth/person-budget.js';
import { ConversationFinder } from '../../chat/messages/conversation-finder.js';
import { Access } from '../../chat/conversations/access.js';
import type { DirectSummary } from '../../chat/conversations/conversation-store.js';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { principalOf } from '../../chat/conversations/principal.js';
import { EventLog } from '../../chat/log/event-log.js';
import { MarkStore, type UndeliveredCursor } from '../../chat/marks/mark-store.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import type { Connection } from '../connections/connection.js';
import { DeliveryMarks } from '../../chat/marks/delivery-marks.js';
import { toFrame } from '../wire/event-frame.js';
import { Hub } from '../delivery/hub.js';
import { CatchUpGate } from './catch-up-gate.js';
import { UndeliveredCheck } from './undelivered-check.js';

const PAGE = 200;
/** Private conversations brought unasked; the next Sync brings more. */
const MOST_UNASKED = 1_000;
/** Of these, how many are read from the store at a time. */
const UNASKED_PAGE = 100;
/** Extra cost of a Sync: by conversations looked up, and by messages. */
const NAMES_PER_UNIT = 5;
const MESSAGES_PER_UNIT = 100;
/** How much may be queued in the socket before the next page is read. */
const COMFORTABLE_QUEUE = 128 * 1024;

/** What a client asked for, looked up. */
interface Wanted {
  /** In the service's spelling, whatever the client's. */
  readonly name: string;
  readonly conversation: ConversationKey;
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
  /** Messages sent to returning clients from the log. */
  caughtUp = 0;
  private readonly most: number;

  constructor(
    private readonly log: EventLog,
    private readonly waiting: MarkStore,
    private readonly access: Access,
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
    for (const { name, conversation, since } of wanted.values()) {
      outcomes[name] = await this.catchUp(connection, conversation, since, headOf);
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
      const outcome = await this.catchUp(connection, direct.conversation, since, headOf);
      outcomes[`@${direct.with.username}`] = outcome;
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
      const reached = await this.bring(connection, conversation, Math.max(seq - 1, brought));
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
      const { name, conversation } = await this.finder.byName(connection.person, given);
      const least = Math.min(since, wanted.get(conversation)?.since ?? since);
      wanted.set(conversation, { name, conversation, since: least });
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
    conversation: ConversationKey,
    since: number,
    headOf: HeadOf,
  ): Promise<SyncOutcome> {
    const recent = this.sendRecent(connection, conversation, since);
    if (recent !== null) return recent;
    const head = await headOf(conversation);
    if (since >= head) {
      this.hub.skip(connection, conversation, head);
      return { seq: head, complete: true };
    }
    if (head - since > this.most) return { seq: head, complete: false, after: since };
    this.hub.hold(connection, conversation);
    const reached = await this.bring(connection, conversation, since);
    this.budget.charge(connection.person.id, (reached - since) / MESSAGES_PER_UNIT);
    this.marks.note(connection.person.id, conversation, reached);
    return { seq: reached, complete: true };
  }

  /**
   * Sends what comes after `since` in a conversation on hold, and releases it.
   * @returns the number up to which it was sent
   */
  private async bring(
    connection: Connection,
    conversation: ConversationKey,
    since: number,
  ): Promise<number> {
    try {
      return await this.readOn(connection, conversation, since);
    } finally {
      this.hub.abandon(connection, conversation);
    }
  }

  /** From memory, within this turn: no live event can come in between. */
  private sendRecent(
    connection: Connection,
    conversation: ConversationKey,
    since: number,
  ): SyncOutcome | null {
    if (connection.cursors.isHolding(conversation)) return null;
    const recent = this.hub.recentAfter(conversation, since);
    if (recent === null || recent.length > Math.min(PAGE, this.most)) return null;
    const bytes = Buffer.concat(recent.map((frame) => connection.encodeShared(frame)));
    if (bytes.length + connection.channel.queuedBytes > COMFORTABLE_QUEUE) return null;
    connection.write(bytes);
    this.caughtUp += recent.length;
    this.budget.charge(connection.person.id, recent.length / MESSAGES_PER_UNIT);
    return { seq: since + recent.length, complete: true };
  }

  private async readOn(
    connection: Connection,
    conversation: ConversationKey,
    since: number,
  ): Promise<number> {
    let reached = since;
    for (;;) {
      if (connection.channel.queuedBytes > COMFORTABLE_QUEUE) await connection.channel.drained();
      const events = await this.log.page(conversation, { after: reached, limit: PAGE });
      // What goes to a closed socket must not count as delivered.
      if (!connection.open) return reached;
      const frames = events.map((event) => connection.encode(toFrame(event)));
      connection.write(Buffer.concat(frames));
      this.caughtUp += frames.length;
      reached = events.at(-1)?.seq ?? reached;
      const atEnd = events.length < PAGE;
      if (atEnd && this.hub.release(connection, conversation, reached)) return reached;
    }
  }
}
