import type { Kysely } from 'kysely';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { EventLog, type PageRequest } from '../../chat/log/event-log.js';
import type { ChatEvent } from '../../chat/log/event.js';
import { proveWritable } from './prove-writable.js';
import type { Schema } from './schema.js';
import { SqlEventReader } from './sql-event-reader.js';

/** Reads, shared by both databases; each engine writes events in its own way. */
export abstract class SqlEventLog extends EventLog {
  private readonly reader: SqlEventReader;

  constructor(private readonly queries: Kysely<Schema>) {
    super();
    this.reader = new SqlEventReader(queries);
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

  override stream(
    conversation: ConversationKey,
    after?: number,
  ): AsyncIterable<readonly ChatEvent[]> {
    return this.reader.stream(conversation, after);
  }
}
