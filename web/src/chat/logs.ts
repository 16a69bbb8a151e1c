import {
  type Conversation,
  type HistoryPage,
  LOBBY,
  type PageQuery,
  RestError,
} from '@parley/client';
import { signal } from '@preact/signals';
import { ConversationLog } from '../conversation/conversation-log.js';

/** Conversations whose messages are kept; the others are loaded when they are opened. */
const OPEN_LOGS = 12;

/** The messages of the conversations that were opened last. */
export class Logs {
  /** Conversations with names that turned out to be nobody's. */
  readonly nobody = signal<ReadonlySet<Conversation>>(new Set());
  private readonly open = new Map<Conversation, ConversationLog>();

  constructor(
    private readonly fetchPage: (
      conversation: Conversation,
      query: PageQuery,
    ) => Promise<HistoryPage>,
    /** The person is not in that room, or there is none. */
    private readonly closed: (room: Conversation) => void,
    private readonly selfId: string,
  ) {}

  /** @returns undefined where it is not open */
  get(conversation: Conversation): ConversationLog | undefined {
    return this.open.get(conversation);
  }

  /** Opens a conversation. The one that was opened longest ago goes; the lobby stays. */
  of(conversation: Conversation): ConversationLog {
    const log =
      this.open.get(conversation) ??
      new ConversationLog((query) => this.page(conversation, query), this.selfId);
    this.open.delete(conversation);
    this.open.set(conversation, log);
    for (const [name] of this.open) {
      if (this.open.size <= OPEN_LOGS) break;
      if (name !== LOBBY) this.open.delete(name);
    }
    return log;
  }

  /** What is kept of a conversation is no longer of use. */
  forget(conversation: Conversation): void {
    this.open.delete(conversation);
  }

  private async page(conversation: Conversation, query: PageQuery): Promise<HistoryPage> {
    try {
      return await this.fetchPage(conversation, query);
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      if (error.code === 'not-a-member') this.closed(conversation);
      else if (error.code !== 'unknown-recipient') throw error;
      else this.nobody.value = new Set(this.nobody.value).add(conversation);
      return { items: [], head: 0 };
    }
  }
}
