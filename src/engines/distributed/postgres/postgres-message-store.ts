import { CompiledQuery } from 'kysely';
import type { ConversationKey } from '../../../chat/conversation.js';
import type { ChatEvent, Draft } from '../../../chat/event.js';
import {
  type ActiveDirect,
  type Appended,
  type DeliveredMark,
  type DirectSummary,
  MessageStore,
  type PageRequest,
} from '../../../chat/message-store.js';
import { proveWritable } from '../../sql/prove-writable.js';
import { SqlMessageReader } from '../../sql/sql-message-reader.js';
import { MOVE_MARKS } from './append-statements.js';
import type { PostgresDatabase } from './postgres-database.js';

export class PostgresMessageStore extends MessageStore {
  private readonly reader: SqlMessageReader;

  constructor(private readonly database: PostgresDatabase) {
    super();
    this.reader = new SqlMessageReader(database.queries);
  }

  override async append(batch: readonly Draft[]): Promise<readonly Appended[]> {
    return batch.length === 0 ? [] : this.database.appender.append(batch);
  }

  override proveWritable(): Promise<void> {
    return proveWritable(this.database.queries);
  }

  override page(
    conversation: ConversationKey,
    request: PageRequest,
  ): Promise<readonly ChatEvent[]> {
    return this.reader.page(conversation, request);
  }

  override heads(
    conversations: readonly ConversationKey[],
  ): Promise<ReadonlyMap<ConversationKey, number>> {
    return this.reader.heads(conversations);
  }

  override stream(conversation: ConversationKey): AsyncIterable<readonly ChatEvent[]> {
    return this.reader.stream(conversation);
  }

  override directs(personId: string, limit: number): Promise<readonly DirectSummary[]> {
    return this.reader.directs(personId, limit);
  }

  override undelivered(people: readonly string[]): Promise<ReadonlySet<string>> {
    return this.reader.undelivered(people);
  }

  override activeDirects(
    personIds: readonly string[],
    since: number,
  ): Promise<readonly ActiveDirect[]> {
    return this.reader.activeDirects(personIds, since);
  }

  override async markDelivered(marks: readonly DeliveredMark[]): Promise<void> {
    if (marks.length === 0) return;
    const columns = [
      marks.map(({ personId }) => personId),
      marks.map(({ conversation }) => conversation),
      marks.map(({ seq }) => seq),
    ];
    await this.database.queries.executeQuery(CompiledQuery.raw(MOVE_MARKS, columns));
  }
}
