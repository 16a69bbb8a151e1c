import type { Kysely } from 'kysely';
import type { ConversationKey } from '../../chat/conversations/key.js';
import { EventLog, type PageRequest } from '../../chat/log/event-log.js';
import type { ChatEvent } from '../../chat/log/event.js';
import { proveWritable } from './prove-writable.js';
import type { Schema } from './schema.js';
import { SqlEventReader } from './sql-event-reader.js';

/** What both databases read in the same way. How events are written is each one's own. */
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

  override stream(conversation: ConversationKey): AsyncIterable<readonly ChatEvent[]> {
    return this.reader.stream(conversation);
  }
}
