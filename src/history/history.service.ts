import { Injectable } from '@nestjs/common';
import { ConversationStore } from '../chat/conversations/conversation-store.js';
import { EventLog, type PageRequest } from '../chat/log/event-log.js';
import { ConversationFinder } from '../chat/messages/conversation-finder.js';
import type { Person } from '../kernel/person.js';
import { Refusal } from '../kernel/refusal.js';
import type { Download } from './export/download.js';
import { ExportService } from './export/export.service.js';
import type { ExportFormat } from './export/export-writer.js';
import { type ReadableLog, readableDirect, readableRoom } from './readable-log.js';
import type { MessageItem } from './message-item.js';
import { MessageView } from './message-view.js';
import { type PageEnds, pageEnds } from './page-ends.js';
import { directsNext, type DirectsRequest } from './query.js';

/** A page of a conversation, in ascending order. */
export interface MessagePage extends PageEnds {
  readonly items: readonly MessageItem[];
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
    private readonly view: MessageView,
    private readonly exports: ExportService,
  ) {}

  async roomPage(reader: Person, room: string, request: PageRequest): Promise<MessagePage> {
    return this.page(
      reader,
      readableRoom(await this.finder.roomToRead(reader, room, null)),
      request,
    );
  }

  async directPage(reader: Person, username: string, request: PageRequest): Promise<MessagePage> {
    const direct = await this.finder.direct(reader, username, 'username');
    return this.page(reader, readableDirect(direct), request);
  }

  /** @throws Refusal `unknown-message`, by rejection, where no message has that number */
  async roomMessage(reader: Person, room: string, seq: number): Promise<MessageItem> {
    return this.message(
      reader,
      readableRoom(await this.finder.roomToRead(reader, room, null)),
      seq,
    );
  }

  /** @throws Refusal as {@link roomMessage} */
  async directMessage(reader: Person, username: string, seq: number): Promise<MessageItem> {
    const direct = await this.finder.direct(reader, username, 'username');
    return this.message(reader, readableDirect(direct), seq);
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

  /** All of the room that the reader may see, as {@link ExportService.open} gives it. */
  async roomExport(reader: Person, room: string, format: ExportFormat): Promise<Download> {
    const found = await this.finder.roomToRead(reader, room, null);
    return this.exports.open(reader, readableRoom(found), format);
  }

  /** The whole direct conversation, as {@link ExportService.open} gives it. */
  async directExport(reader: Person, username: string, format: ExportFormat): Promise<Download> {
    const direct = await this.finder.direct(reader, username, 'username');
    return this.exports.open(reader, readableDirect(direct), format);
  }

  private async message(
    reader: Person,
    { conversation, room, from }: ReadableLog,
    seq: number,
  ): Promise<MessageItem> {
    const events = await this.log.page(conversation, { after: seq - 1, limit: 1 });
    const [message] = await this.view.items(reader, events, room);
    if (message?.seq !== seq || seq < from) throw new Refusal('unknown-message');
    return message;
  }

  private async page(
    reader: Person,
    { conversation, room, from }: ReadableLog,
    request: PageRequest,
  ): Promise<MessagePage> {
    const { after } = request;
    const asked = after === undefined ? request : { ...request, after: Math.max(after, from - 1) };
    // Queried in parallel, for one round trip: the heads may be of a moment later.
    const [read, heads] = await Promise.all([
      this.log.page(conversation, asked),
      this.log.heads([conversation]),
    ]);
    const seen = read.filter(({ seq }) => seq >= from);
    return {
      items: await this.view.items(reader, seen, room),
      ...pageEnds({ asked, read, head: heads.get(conversation) ?? 0, from }),
    };
  }
}
