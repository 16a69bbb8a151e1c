import { Injectable } from '@nestjs/common';
import { ConversationStore } from '../chat/conversations/conversation-store.js';
import type { ConversationKey } from '../chat/conversations/key.js';
import type { ChatEvent } from '../chat/log/event.js';
import { EventLog, type PageRequest } from '../chat/log/event-log.js';
import { ConversationFinder } from '../chat/messages/conversation-finder.js';
import type { Person } from '../kernel/person.js';
import type { Download } from './export/download.js';
import { ExportService } from './export/export.service.js';
import type { ExportFormat } from './export/export-writer.js';
import { messagesOf } from './message.js';
import { messageItem, type MessageItem } from './message-item.js';
import { directsNext, type DirectsRequest } from './query.js';

/** A page of a conversation, in ascending order. */
export interface MessagePage {
  readonly items: readonly MessageItem[];
  /** The conversation's highest number; 0 where it is empty. */
  readonly head: number;
  /** Pass as `before` for the items before these; null where there are none. */
  readonly next_before: number | null;
  /** Pass as `after` for the items after these; null where there are none yet. */
  readonly next_after: number | null;
}

export interface DirectList {
  readonly items: readonly {
    readonly user: Person;
    readonly seq: number;
    readonly delivered: number;
    readonly time: number;
  }[];
  /** Pass as `after` for the next page; null at the end. */
  readonly next: string | null;
}

/**
 * The history, for those who may read it.
 *
 * Every read throws a Refusal: `not-a-member` for each room but those that the reader is in,
 * whether it exists or not; `unknown-recipient` and `self-recipient` for direct conversations.
 * Nobody can name a direct conversation of others.
 */
@Injectable()
export class HistoryService {
  constructor(
    private readonly log: EventLog,
    private readonly conversations: ConversationStore,
    private readonly finder: ConversationFinder,
    private readonly exports: ExportService,
  ) {}

  async roomPage(reader: Person, room: string, request: PageRequest): Promise<MessagePage> {
    const { conversation } = await this.finder.room(reader, room, null);
    return this.page(conversation, request);
  }

  async directPage(reader: Person, username: string, request: PageRequest): Promise<MessagePage> {
    const { conversation } = await this.finder.direct(reader, username, 'username');
    return this.page(conversation, request);
  }

  /** The reader's direct conversations, latest first. */
  async directs(reader: Person, { limit, after }: DirectsRequest): Promise<DirectList> {
    const found = await this.conversations.directs(reader.id, limit + 1, after);
    const directs = found.slice(0, limit);
    const last = found.length > limit ? directs.at(-1) : undefined;
    return {
      next: last === undefined ? null : directsNext({ time: last.time, peerId: last.with.id }),
      items: directs.map(({ with: user, seq, delivered, time }) => ({
        user: { id: user.id, username: user.username },
        seq,
        delivered,
        time,
      })),
    };
  }

  /** The whole room, as {@link ExportService.open} gives it. */
  async roomExport(reader: Person, room: string, format: ExportFormat): Promise<Download> {
    const { conversation } = await this.finder.room(reader, room, null);
    return this.exports.open(reader, conversation, room, format);
  }

  /** The whole direct conversation, as {@link ExportService.open} gives it. */
  async directExport(reader: Person, username: string, format: ExportFormat): Promise<Download> {
    const { conversation, name } = await this.finder.direct(reader, username, 'username');
    return this.exports.open(reader, conversation, name, format);
  }

  private async page(conversation: ConversationKey, request: PageRequest): Promise<MessagePage> {
    // Queried in parallel, for one round trip; so the page may be newer than the heads.
    const [events, heads] = await Promise.all([
      this.log.page(conversation, request),
      this.log.heads([conversation]),
    ]);
    const head = Math.max(heads.get(conversation) ?? 0, events.at(-1)?.seq ?? 0);
    return {
      items: messagesOf(events).map(messageItem),
      head,
      ...neighbours(events, head, request),
    };
  }
}

/** An empty page lies below the first event, above the last one, or in an empty conversation. */
function neighbours(
  events: readonly ChatEvent[],
  head: number,
  request: PageRequest,
): Pick<MessagePage, 'next_before' | 'next_after'> {
  const first = events.at(0)?.seq ?? (request.before === undefined ? head + 1 : 1);
  const last = events.at(-1)?.seq ?? first - 1;
  return {
    next_before: first > 1 ? first : null,
    next_after: last < head ? last : null,
  };
}
