import type { Kysely } from 'kysely';
import type { ConversationKey } from '../../chat/conversations/conversation.js';
import type { ChatEvent } from '../../chat/log/event.js';
import {
  type ActiveDirect,
  type DirectCursor,
  type DirectSummary,
  MessageStore,
  type PageRequest,
  type UndeliveredCursor,
  type UndeliveredDirect,
} from '../../chat/log/message-store.js';
import { proveWritable } from './prove-writable.js';
import type { Schema } from './schema.js';
import { SqlDirectReader } from './sql-direct-reader.js';
import { SqlMessageReader } from './sql-message-reader.js';

/** What both databases do in the same way. How messages are written is each one's own. */
export abstract class SqlMessageStore extends MessageStore {
  protected readonly reader: SqlMessageReader;
  private readonly directReader: SqlDirectReader;

  constructor(private readonly queries: Kysely<Schema>) {
    super();
    this.reader = new SqlMessageReader(queries);
    this.directReader = new SqlDirectReader(queries);
  }

  override proveWritable(): Promise<void> {
    return proveWritable(this.queries);
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

  override directs(
    personId: string,
    limit: number,
    after?: DirectCursor,
  ): Promise<readonly DirectSummary[]> {
    return this.directReader.latest(personId, limit, after);
  }

  override undeliveredDirects(
    personId: string,
    limit: number,
    after?: UndeliveredCursor,
  ): Promise<readonly UndeliveredDirect[]> {
    return this.directReader.undelivered(personId, limit, after);
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
}
