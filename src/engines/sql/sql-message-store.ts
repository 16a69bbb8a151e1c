import type { Kysely } from 'kysely';
import type { ConversationKey } from '../../chat/conversation.js';
import type { ChatEvent } from '../../chat/event.js';
import {
  type ActiveDirect,
  type DirectSummary,
  MessageStore,
  type PageRequest,
} from '../../chat/message-store.js';
import { proveWritable } from './prove-writable.js';
import type { Schema } from './schema.js';
import { SqlMessageReader } from './sql-message-reader.js';

/** What both databases do in the same way. How messages are written is each one's own. */
export abstract class SqlMessageStore extends MessageStore {
  protected readonly reader: SqlMessageReader;

  constructor(private readonly queries: Kysely<Schema>) {
    super();
    this.reader = new SqlMessageReader(queries);
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
}
