import { Inject, Injectable } from '@nestjs/common';
import { ChatService } from '../chat/chat.service.js';
import type { ConversationKey } from '../chat/conversation.js';
import { MessageStore } from '../chat/message-store.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { Connection } from './connection.js';
import { DeliveryMarks } from './delivery-marks.js';
import { toFrame } from './event-frame.js';
import type { SyncOutcome } from './frames.js';
import { Hub } from './hub.js';
import { ResumeGate } from './resume-gate.js';
import { Undelivered } from './undelivered.js';

const PAGE = 200;
/** Private conversations with something new that are looked through on return. */
const MOST_DIRECTS = 100;
/** What may wait in the socket before the next page is read. */
const COMFORTABLE_QUEUE = 128 * 1024;

/** What somebody asked for, looked up. */
interface Wanted {
  readonly name: string;
  readonly conversation: ConversationKey;
  readonly since: number;
}

/**
 * Brings a connection what it missed, in order, straight from the log. Live events of the
 * conversation are held back until the log has been read to its end.
 */
@Injectable()
export class Resume {
  /** Messages that were sent again, or late, to those who came back. */
  caughtUp = 0;
  private readonly most: number;

  constructor(
    private readonly store: MessageStore,
    private readonly chat: ChatService,
    private readonly hub: Hub,
    private readonly marks: DeliveryMarks,
    private readonly gate: ResumeGate,
    private readonly undelivered: Undelivered,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.most = settings.limits.syncMessages;
  }

  /**
   * @param positions the highest number that the client has of each conversation
   * @returns how it ended for each of them; the first time, where the client said that it resumes,
   *   also for private conversations that it did not name and that have something undelivered
   * @throws Refusal where a conversation is not the client's to read; then nothing was sent
   */
  async sync(
    connection: Connection,
    positions: Readonly<Record<string, number>>,
  ): Promise<Record<string, SyncOutcome>> {
    if (!connection.resumes && Object.keys(positions).length === 0) return {};
    await this.gate.enter();
    const wanted: Wanted[] = [];
    for (const [name, since] of Object.entries(positions)) {
      wanted.push({ name, since, conversation: await this.find(connection, name) });
    }
    const outcomes: Record<string, SyncOutcome> = {};
    for (const { name, conversation, since } of wanted) {
      outcomes[name] = await this.catchUp(connection, conversation, since);
    }
    if (!connection.resumes) return outcomes;
    connection.resumes = false;
    const named = new Set(wanted.map((one) => one.conversation));
    return { ...outcomes, ...(await this.deliverMissed(connection, named)) };
  }

  /**
   * Sends the private messages that none of the person's connections has received, and then those
   * that were said meanwhile. From here on private messages come live.
   */
  async deliverMissed(
    connection: Connection,
    except: ReadonlySet<ConversationKey> = new Set(),
  ): Promise<Record<string, SyncOutcome>> {
    const outcomes = await this.deliverUndelivered(connection, except);
    await this.deliverWithheld(connection);
    return outcomes;
  }

  private async deliverUndelivered(
    connection: Connection,
    except: ReadonlySet<ConversationKey>,
  ): Promise<Record<string, SyncOutcome>> {
    const outcomes: Record<string, SyncOutcome> = {};
    if (!(await this.undelivered.has(connection.person.id))) return outcomes;
    for (const direct of await this.store.directs(connection.person.id, MOST_DIRECTS)) {
      const noted = this.marks.noted(connection.person.id, direct.conversation);
      const delivered = Math.max(direct.delivered, noted);
      if (delivered >= direct.seq || except.has(direct.conversation)) continue;
      const since = Math.max(delivered, direct.seq - this.most);
      const outcome = await this.catchUp(connection, direct.conversation, since);
      outcomes[`@${direct.with.username}`] = outcome;
    }
    return outcomes;
  }

  private async deliverWithheld(connection: Connection): Promise<void> {
    const { withheld } = connection;
    if (withheld === null) return;
    for (let first = withheld.first(); first && connection.open; first = withheld.first()) {
      const [conversation, seq] = first;
      const brought = connection.floors?.get(conversation) ?? 0;
      this.hub.hold(connection, conversation);
      withheld.forget(conversation);
      await this.bring(connection, conversation, Math.max(seq - 1, brought));
    }
    connection.withheld = null;
  }

  private async find(connection: Connection, name: string): Promise<ConversationKey> {
    if (!name.startsWith('@')) return this.chat.room(name).conversation;
    return (await this.chat.direct(connection.person, name.slice(1))).conversation;
  }

  private async catchUp(
    connection: Connection,
    conversation: ConversationKey,
    since: number,
  ): Promise<SyncOutcome> {
    const recent = this.sendRecent(connection, conversation, since);
    if (recent !== null) return recent;
    const head = (await this.store.heads([conversation])).get(conversation) ?? 0;
    if (since >= head) {
      this.hub.skip(connection, conversation, head);
      return { seq: head, complete: true };
    }
    if (head - since > this.most) return { seq: head, complete: false, after: since };
    this.hub.hold(connection, conversation);
    return { seq: await this.bring(connection, conversation, since), complete: true };
  }

  /**
   * Sends what comes after `since` in a conversation that is held, and releases it.
   * @returns the number up to which it was sent
   */
  private async bring(
    connection: Connection,
    conversation: ConversationKey,
    since: number,
  ): Promise<number> {
    try {
      const reached = await this.readOn(connection, conversation, since);
      this.marks.note(connection.person.id, conversation, reached);
      return reached;
    } finally {
      this.hub.abandon(connection, conversation);
    }
  }

  /** From memory, within this turn: nothing live can come between. */
  private sendRecent(
    connection: Connection,
    conversation: ConversationKey,
    since: number,
  ): SyncOutcome | null {
    if (connection.held?.has(conversation)) return null;
    const recent = this.hub.recentAfter(conversation, since);
    if (recent === null || recent.length > Math.min(PAGE, this.most)) return null;
    const bytes = Buffer.concat(recent.map((frame) => connection.encodeShared(frame)));
    if (bytes.length + connection.channel.queuedBytes > COMFORTABLE_QUEUE) return null;
    connection.write(bytes);
    this.caughtUp += recent.length;
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
      const events = await this.store.page(conversation, { after: reached, limit: PAGE });
      // What is written to nobody must not count as delivered.
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
